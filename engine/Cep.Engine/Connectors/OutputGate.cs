namespace Cep.Engine.Connectors;

/// <summary>Stands before the sink of an output, and decides of each value whether it is written, and as what. The job's sink thread makes every call, in the final order of the values.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="value">The next value; may be replaced by what is written in its place.</param>
/// <returns>Whether it is written.</returns>
/// <remarks>What a gate remembers is its own to keep: a job that goes on from a checkpoint gives the values after it once more.</remarks>
public delegate bool OutputGate<T>(ref T value);
