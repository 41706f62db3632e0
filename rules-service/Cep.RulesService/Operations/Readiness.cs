using Cep.RulesService.Engine;
using Cep.RulesService.Storage;
using Dapper;

namespace Cep.RulesService.Operations;

/// <summary>Whether a part of the service does its work.</summary>
/// <param name="Part">Which: <c>engine</c>, <c>checkpoint</c>, <c>disk</c> or <c>database</c>.</param>
/// <param name="IsReady">Whether it does.</param>
/// <param name="Reason">Why not, a sentence; null where it does.</param>
internal sealed record PartReadiness(string Part, bool IsReady, string? Reason);

/// <summary>Finds out whether the service does its work.</summary>
internal sealed class Readiness(RuleEngine engine, Database database, ServiceOptions options)
{
    /// <summary>Each part. An engine for which no rule set has been deployed is ready: it can be given one; one that was paused is not.</summary>
    public IReadOnlyList<PartReadiness> Parts()
    {
        var status = engine.Status;
        return
        [
            Of("engine", status.State switch
            {
                EngineState.Idle or EngineState.Running => null,
                EngineState.Starting => "It reads what it goes on from.",
                EngineState.Paused => "It was paused.",
                _ => $"It failed: {status.Reason}",
            }),
            Of("checkpoint", status.State == EngineState.Idle || status.Checkpoint is not null ? null : "None is complete yet."),
            Of("disk", WhyNot(WriteFile)),
            Of("database", WhyNot(() => database.Write(connection => connection.Execute("INSERT INTO settings (name, value) VALUES ('probe', '') ON CONFLICT (name) DO UPDATE SET value = ''")))),
        ];
    }

    private static PartReadiness Of(string part, string? why) => new(part, why is null, why);

    private void WriteFile()
    {
        using var file = new FileStream(Path.Combine(options.DataFolder, $".probe-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        file.WriteByte(1);
        file.Flush(flushToDisk: true);
    }

    private static string? WhyNot(Action probe)
    {
        try
        {
            probe();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            // Where it lies is nobody's business who has no key.
            return $"It cannot be written to ({e.GetType().Name}).";
        }
    }
}
