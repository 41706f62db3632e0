using Cep.Conditions;
using Cep.Events;

namespace Cep.Rules.Testing;

/// <summary>What the alerts of a rule tell that a test can expect: the measures of matches and of timeouts, the fields of the key, and the words below.</summary>
public static class RuleAlerts
{
    /// <summary>The name under which a test finds the severity of an alert, <c>low</c> to <c>critical</c>, unless a measure or field of the key has that name.</summary>
    public const string Severity = "severity";

    /// <summary>The name under which a test finds what an alert is of, <c>match</c> or <c>timeout</c>, unless a measure or field of the key has that name.</summary>
    public const string Kind = "kind";

    /// <summary>
    /// The name under which a test finds how many alerts were suppressed before one, 0 for none; of rules with <see cref="Rule.Suppression"/>, unless a measure or field of the key has that name.
    /// </summary>
    public const string Suppressed = "suppressed";

    /// <summary>
    /// The name under which a test finds how many alerts a limit kept back before one, 0 for none; of rules with <see cref="Rule.Limit"/>, unless a measure or field of the key has that name.
    /// </summary>
    public const string Limited = "limited";

    /// <summary>
    /// The type of a rule's alerts: measures of matches first, then those of timeouts, fields of the key of the first input, and the words. Any value may be null: a timeout has none of
    /// what only matches tell. A name that has one type in matches and another in timeouts is left out.
    /// </summary>
    public static EventType TypeOf(Rule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var builder = new EventTypeBuilder(rule.Name);
        var names = rule.Measures.Concat(rule.TimeoutMeasures ?? []).Select(m => m.Name).Concat(rule.Inputs[0].KeyFields.Select(f => f.Name)).Concat(Words(rule).Select(w => w.Name));
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (KindsOf(rule, name) is [var kind])
                builder.Field(name, TypeOf(kind), isOptional: true);
        }
        return builder.Build();
    }

    /// <summary>Of what kind the value is that alerts tell under a name: none where they tell no such thing; two, first that of matches, where timeouts tell something else than matches.</summary>
    internal static IReadOnlyList<ValueKind> KindsOf(Rule rule, string name)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var kinds = new List<ValueKind>();
        if (rule.TellsMatches && KindOf(rule, rule.Measures, name) is { } ofMatches)
            kinds.Add(ofMatches);
        if (rule.TimeoutMeasures is { } measures && KindOf(rule, measures, name) is { } ofTimeouts && !kinds.Contains(ofTimeouts))
            kinds.Add(ofTimeouts);
        return kinds;
    }

    private static ValueKind? KindOf(Rule rule, IReadOnlyList<Measure> measures, string name) =>
        measures.FirstOrDefault(m => m.Name == name)?.Value.Kind ?? rule.Inputs[0].KeyFields.FirstOrDefault(f => f.Name == name)?.Kind
        ?? Words(rule).Where(w => w.Name == name).Select(w => (ValueKind?)w.Kind).FirstOrDefault();

    private static IEnumerable<(string Name, ValueKind Kind)> Words(Rule rule)
    {
        yield return (Severity, ValueKind.String);
        yield return (Kind, ValueKind.String);
        if (rule.Suppression is not null)
            yield return (Suppressed, ValueKind.Long);
        if (rule.Limit is not null)
            yield return (Limited, ValueKind.Long);
    }

    private static FieldType TypeOf(ValueKind kind) => kind switch
    {
        ValueKind.Bool => FieldType.Bool,
        ValueKind.Long => FieldType.Long,
        ValueKind.Double => FieldType.Double,
        ValueKind.Decimal => FieldType.Decimal,
        ValueKind.String => FieldType.String,
        ValueKind.Timestamp => FieldType.Timestamp,
        ValueKind.Duration => FieldType.Duration,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
