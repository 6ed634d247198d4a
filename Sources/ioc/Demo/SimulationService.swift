import ServiceLifecycle

/// The simulated gateways as a service of the demo.
struct SimulationService: Service {
    let simulation: GatewaySimulation

    func run() async throws {
        try simulation.start()
        try? await gracefulShutdown()
        simulation.stop()
    }
}
