using Cep.Conditions;
using Cep.Events;

namespace Cep.Rules.Testing;

/// <summary>What the alerts of a rule tell that a test can expect: the measures, the fields of the key, and the words <see cref="Severity"/> and <see cref="Kind"/>.</summary>
public static class RuleAlerts
{
    /// <summary>The name under which a test finds the severity of an alert, <c>low</c> to <c>critical</c>, unless a measure has that name.</summary>
    public const string Severity = "severity";

    /// <summary>The name under which a test finds what an alert is of, <c>match</c> or <c>timeout</c>, unless a measure has that name.</summary>
    public const string Kind = "kind";

    /// <summary>The type of a rule's alerts: measures first, then fields of the key of the first input, then the two words. Any value may be null.</summary>
    public static EventType TypeOf(Rule rule)
    {
        var builder = new EventTypeBuilder(rule.Name);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, kind) in Values(rule))
        {
            if (names.Add(name))
                builder.Field(name, TypeOf(kind), isOptional: true);
        }
        return builder.Build();
    }

    private static IEnumerable<(string Name, ValueKind Kind)> Values(Rule rule) =>
    [
        .. rule.Measures.Select(m => (m.Name, m.Value.Kind)),
        .. rule.Inputs[0].KeyFields.Select(f => (f.Name, f.Kind)),
        (Severity, ValueKind.String),
        (Kind, ValueKind.String),
    ];

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
