namespace Cep.Engine.Connectors.EventLogs;

/// <summary>What opening an event log cut off its end: the rest of a write that a crash tore, of which nobody was told that it is on the disk.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Position">The byte at which it was cut.</param>
/// <param name="Bytes">How many bytes went.</param>
/// <param name="Offset">The offset that the first entry there would have had; the next entry gets it.</param>
public sealed record EventLogCut(string File, long Position, long Bytes, long Offset);
