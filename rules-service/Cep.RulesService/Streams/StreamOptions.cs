namespace Cep.RulesService.Streams;

/// <summary>How events are kept.</summary>
internal sealed class StreamOptions
{
    private const int KiB = 1024;

    /// <summary>How long events are kept; those that a checkpoint needs are kept in any case. Default 7 days.</summary>
    public TimeSpan? RetainFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many bytes of events are kept for each stream, at least; null for all of the time. Default null.</summary>
    public long? RetainBytes { get; set; }

    /// <summary>How many bytes of events may wait for the disk, for each stream, before more are refused; 64 KiB to 256 MiB. Default 16 MiB.</summary>
    public int QueueBytes { get; set; } = 16 * KiB * KiB;

    /// <summary>Why they cannot be kept like this, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (RetainFor <= TimeSpan.Zero)
            yield return $"{ServiceOptions.Section}:Streams:RetainFor is {RetainFor}; a positive time was expected.";
        if (RetainBytes < 1)
            yield return $"{ServiceOptions.Section}:Streams:RetainBytes is {RetainBytes}; at least 1 was expected.";
        if (QueueBytes is < 64 * KiB or > 256 * KiB * KiB)
            yield return $"{ServiceOptions.Section}:Streams:QueueBytes is {QueueBytes}; 65536 to 268435456 was expected.";
    }
}
