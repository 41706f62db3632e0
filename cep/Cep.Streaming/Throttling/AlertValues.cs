using Cep.Conditions;
using Cep.Rules;
using Cep.Streaming.Matches;

namespace Cep.Streaming.Throttling;

/// <summary>Finds in the alerts of a rule the values by which they are suppressed. Immutable.</summary>
internal sealed class AlertValues
{
    /// <summary>By name, the place among the measures; below 0, the complement of that among the values of the key.</summary>
    private readonly int[] _ofMatches;
    private readonly int[] _ofTimeouts;

    private AlertValues(int[] ofMatches, int[] ofTimeouts, SuppressClause clause) => (_ofMatches, _ofTimeouts, Clause) = (ofMatches, ofTimeouts, clause);

    /// <summary>What is compared, and for how long.</summary>
    public SuppressClause Clause { get; }

    /// <summary>The values of the alerts of a rule; null for one that suppresses none.</summary>
    /// <exception cref="ArgumentException">A name is neither a measure nor a field of the key, or is of one type in matches and of another in timeouts.</exception>
    public static AlertValues? Of(Rule rule)
    {
        if (rule.Suppression is not { } suppression)
            return null;
        var (ofMatches, kindsOfMatches) = Find(rule, rule.TellsMatches ? rule.Measures : null);
        var (ofTimeouts, kindsOfTimeouts) = Find(rule, rule.TimeoutMeasures);
        if (kindsOfMatches is not null && kindsOfTimeouts is not null && !kindsOfMatches.SequenceEqual(kindsOfTimeouts))
            throw new ArgumentException($"The rule `{rule.Name}` suppresses alerts by values that are of other types in matches than in timeouts.");
        var by = suppression.By.Zip(kindsOfMatches ?? kindsOfTimeouts ?? [], (name, kind) => $"{name.Length} {name} {kind}");
        return new AlertValues(ofMatches, ofTimeouts, new SuppressClause(string.Join(' ', by), suppression.ForMs));
    }

    /// <summary>The values of an alert, as <see cref="Suppression.By"/> has them.</summary>
    public object?[] Of(Match match)
    {
        var places = match.Kind == MatchKind.Timeout ? _ofTimeouts : _ofMatches;
        var values = new object?[places.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = places[i] >= 0 ? match.Measures[places[i]] : match.Key[~places[i]];
        return values;
    }

    private static (int[] Places, ValueKind[]? Kinds) Find(Rule rule, IReadOnlyList<Measure>? measures)
    {
        if (measures is null)
            return ([], null);
        var found = rule.Suppression!.By.Select(name => Find(rule, measures, name)).ToList();
        return ([.. found.Select(f => f.Place)], [.. found.Select(f => f.Kind)]);
    }

    private static (int Place, ValueKind Kind) Find(Rule rule, IReadOnlyList<Measure> measures, string name)
    {
        foreach (var (i, measure) in measures.Index())
        {
            if (measure.Name == name)
                return (i, measure.Value.Kind);
        }
        foreach (var (i, field) in rule.Inputs[0].KeyFields.Index())
        {
            if (field.Name == name)
                return (~i, field.Kind);
        }
        throw new ArgumentException($"The rule `{rule.Name}` suppresses alerts by `{name}`, which is neither one of their measures nor a field of the key.");
    }
}

/// <summary>What alerts are suppressed by, and for how long: where it is equal, what is remembered under the one counts under the other.</summary>
/// <param name="By">The names, with the types of their values.</param>
/// <param name="ForMs">Milliseconds.</param>
internal readonly record struct SuppressClause(string By, long ForMs);
