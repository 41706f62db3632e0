using Cep.Evaluation;

namespace Cep.Streaming.Streams;

/// <summary>What a pattern remembers of one key.</summary>
internal sealed class KeyMatches
{
    /// <summary>The partial matches, and the matches that are held back; null for none.</summary>
    public RunSet? Runs { get; set; }

    /// <summary>The number of the key's next event, which orders events of one time.</summary>
    public long NextSequence { get; set; }

    /// <summary>Whether <see cref="Runs"/> comes from a snapshot, and the evaluator has not seen it yet.</summary>
    public bool IsRestored { get; set; }
}
