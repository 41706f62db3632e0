using System.Text;
using System.Text.Json;
using Cep.Rules;
using Cep.Streaming.Snapshots;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Jobs;

/// <summary>The versions of rules that are being drained, as they are kept in <see cref="Engine.Checkpoints.Manifest.Properties"/>.</summary>
/// <param name="LastNumber">The number given last; 0 for none.</param>
/// <param name="Versions">The oldest first.</param>
internal sealed record DrainingVersions(long LastNumber, IReadOnlyList<DrainingVersion> Versions)
{
    /// <summary>The name of the property.</summary>
    public const string Property = "draining";

    /// <summary>The name of the property that has the rules that run.</summary>
    public const string RunningProperty = "running";

    public static DrainingVersions None { get; } = new(0, []);

    /// <summary>The rules that run, as they are kept: so that they can be drained where other rules begin from the checkpoint. Null where some cannot be written.</summary>
    public static string? TextOfRunning(PatternSet patterns, RuleSerializer? serializer)
    {
        try
        {
            return serializer is null ? null : new DrainingVersions(0, [.. patterns.Rules.Select(r => new DrainingVersion(0, r.Name, r))]).ToText(serializer);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What is drained where other rules take the place of those that run.</summary>
    /// <param name="plan">What happens to each rule.</param>
    /// <param name="running">The rules that run.</param>
    public DrainingVersions After(SwapPlan plan, PatternSet running)
    {
        var after = Versions.Where(v => !plan.EndsDraining(v.Of)).Select(v => v with { Of = plan.OfOld(v.Of)!.After! }).ToList();
        var number = LastNumber;
        foreach (var rule in running.Rules)
        {
            if (plan.OfOld(rule.Name) is { Fate: RuleFate.Drained, After: { } name })
                after.Add(new DrainingVersion(++number, name, rule));
        }
        return new DrainingVersions(number, after);
    }

    /// <summary>Why a rule cannot be drained in a job that has to know it again after a restart; null where it can.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="serializer">What writes it; null for nothing.</param>
    /// <param name="streams">The streams of the job.</param>
    public static string? WhyNot(CompiledRule rule, RuleSerializer? serializer, IReadOnlyList<StreamDefinition> streams)
    {
        var cannot = $"The rule `{rule.Rule.Name}` has changed and cannot be drained. The job takes checkpoints, so the version before has to be known again after a restart, and";
        if (serializer is null)
            return $"{cannot} the job was given nothing that writes rules.";
        try
        {
            var again = new CompiledRule(serializer.Read(serializer.Write(rule.Rule), streams), 0, streams);
            return RuleSignature.Of(again).LooksForTheSame(RuleSignature.Of(rule)) ? null : $"{cannot} read again from its text it is another rule.";
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            return $"{cannot} it has no text that can be read again: {e.Message}";
        }
    }

    /// <summary>Writes them as JSON.</summary>
    /// <param name="serializer">What writes rules; not null where there is a version.</param>
    public string ToText(RuleSerializer? serializer)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("last", LastNumber);
            json.WriteStartArray("versions");
            foreach (var version in Versions)
            {
                json.WriteStartObject();
                json.WriteNumber("number", version.Number);
                json.WriteString("of", version.Of);
                json.WriteString("state", RuleStateFormat.NameOf(version));
                json.WriteNumber("version", version.Rule.Version);
                json.WriteString("rule", serializer!.Write(version.Rule));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>Of each the name of the rule that runs in its place, and that of its state.</summary>
    /// <param name="text">What <see cref="ToText"/> gave.</param>
    public static IReadOnlyList<(string Rule, string State)> StatesIn(string text)
    {
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("versions").EnumerateArray().Select(v => (v.GetProperty("of").GetString()!, v.GetProperty("state").GetString()!))];
    }

    /// <summary>Reads them back. What cannot be read and belongs to no rule of the set is left out: it ends with its rule.</summary>
    /// <param name="text">What <see cref="ToText"/> gave.</param>
    /// <param name="serializer">What reads rules; null for nothing.</param>
    /// <param name="rules">The rules that run.</param>
    /// <exception cref="SwapRefusedException">There is nothing that reads rules, or a version is no rule over the streams any more.</exception>
    public static DrainingVersions Read(string text, RuleSerializer? serializer, RuleSet rules)
    {
        using var json = JsonDocument.Parse(text);
        var versions = new List<DrainingVersion>();
        foreach (var version in json.RootElement.GetProperty("versions").EnumerateArray())
        {
            var of = version.GetProperty("of").GetString()!;
            try
            {
                if (serializer is null)
                    throw new InvalidDataException("The job was given nothing that reads rules.");
                var rule = serializer.Read(version.GetProperty("rule").GetString()!, rules.Streams);
                versions.Add(new DrainingVersion(version.GetProperty("number").GetInt64(), of, rule with { Version = version.GetProperty("version").GetInt32() }));
            }
            catch (InvalidDataException e)
            {
                if (rules.LiveRules.Any(r => r.Name == of))
                    throw new SwapRefusedException($"A version of the rule `{of}` is being drained, and cannot go on. {e.Message}", e);
            }
        }
        return new DrainingVersions(json.RootElement.GetProperty("last").GetInt64(), versions);
    }
}
