namespace Cep.Engine.Runtime;

/// <summary>What a job that ended without a failure did.</summary>
/// <param name="IsCanceled">Whether it was stopped before the end of its input; deadlines that were still open then were not flushed.</param>
/// <param name="Elapsed">How long it ran, by the job's clock.</param>
/// <param name="Sources">What came from each source, in the order they were added.</param>
public sealed record JobResult(bool IsCanceled, TimeSpan Elapsed, IReadOnlyList<SourceResult> Sources)
{
    /// <summary>Well-formed records, the late ones too.</summary>
    public long Records => Sources.Sum(source => source.Records);

    /// <summary>Records that came after their watermark.</summary>
    public long Late => Sources.Sum(source => source.Late);

    /// <summary>Pieces of input that were not records.</summary>
    public long Malformed => Sources.Sum(source => source.Malformed);
}

/// <summary>What came from one source.</summary>
/// <param name="Name">The source's name.</param>
/// <param name="Records">Well-formed records, the late ones too.</param>
/// <param name="Late">Records that came after their watermark.</param>
/// <param name="Malformed">Pieces of input that were not records.</param>
/// <param name="BytesRead">Bytes read, as they are stored; 0 for a source that is not made of bytes.</param>
public sealed record SourceResult(string Name, long Records, long Late, long Malformed, long BytesRead);
