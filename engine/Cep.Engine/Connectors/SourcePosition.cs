namespace Cep.Engine.Connectors;

/// <summary>Where a split stands: what comes before was handed on, what comes after was not.</summary>
/// <param name="Offset">Where the next record begins, in the unit of the source: bytes of the decompressed content of a file, entries of a log.</param>
/// <param name="Line">The line the next record begins on, from 1, for messages; 0 where a source has no lines.</param>
public readonly record struct SourcePosition(long Offset, long Line);
