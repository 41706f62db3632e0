namespace Cep.Conformance.Reports;

/// <summary>A case that we answer otherwise than its file says, on purpose.</summary>
/// <param name="Case">Its id.</param>
/// <param name="Reason">Why.</param>
/// <param name="Matches">Our matches, as <see cref="Taken"/> writes them: what Flink answers too once time goes on past the last event.</param>
public sealed record Deviation(string Case, string Reason, params string[] Matches);

/// <summary>Every case of the files that we answer otherwise, with the reason. More than ten would mean that we read Flink wrongly.</summary>
/// <remarks>
/// All of them end with a <c>not</c> that has a wait of its own. Flink sets a timer for the window of a pattern but none for such a wait, so it tells these
/// matches when the next event of the key comes, and not when time goes on without one. The matches listed are Flink's answer to the same case with one more
/// event, at 100 ms, that changes nothing else; and to the same case where the watermark passes the last event and the wait in one step.
/// </remarks>
public static class Deviations
{
    private const string NoTimer = "The wait of the final `not` ends after the last event, and Flink sets no timer for it.";

    /// <summary>The cases.</summary>
    public static IReadOnlyList<Deviation> All { get; } =
    [
        new("random/time/1/388", NoTimer, "v0[2] v1[7]", "v0[4] v1[7]"),
        new("random/time/1/400", NoTimer, "v0[1] v1[9]", "v0[7] v1[9]"),
        new("random/time/1/963", NoTimer, "v0[6] v1[7]", "v0[8] v1[9]", "v1[0]", "v1[1]", "v1[2]", "v1[4]", "v1[7]", "v1[9]"),
    ];
}
