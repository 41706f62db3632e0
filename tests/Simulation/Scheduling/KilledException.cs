namespace Cep.Simulation.Scheduling;

/// <summary>Unwinds the threads of a simulated process that is gone. What they still do reaches nobody: stores and sinks of a killed process are deaf.</summary>
internal sealed class KilledException : Exception;
