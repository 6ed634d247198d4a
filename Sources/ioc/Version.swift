/// Of the program; the database has its own.
let version = "0.1.0"
