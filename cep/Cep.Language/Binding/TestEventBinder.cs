using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Rules;
using Cep.Rules.Testing;

namespace Cep.Language.Binding;

/// <summary>Makes events and advances of the statements of a test, in order, and sees that time does not go back.</summary>
/// <param name="rule">The rule under test.</param>
/// <param name="streams">All streams of the set, by name.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class TestEventBinder(Rule rule, IReadOnlyDictionary<string, StreamSymbol> streams, DiagnosticBag diagnostics)
{
    private readonly IReadOnlySet<EventField> _read = RuleReads.FieldsOf(rule);

    /// <summary>How far time has come.</summary>
    private long _reachedMs;

    /// <summary>How far <c>advance</c> has moved it; null for not at all.</summary>
    private long? _advancedMs;

    /// <summary>How far a statement takes time; null where it does not move it.</summary>
    public static long? ReachesMs(StatementSyntax statement) => statement switch
    {
        AtSyntax { Time: { } time } at => time.Ms + (at.LateBy?.Ms ?? 0),
        AdvanceSyntax { Time: { } time } => time.Ms,
        _ => null,
    };

    /// <summary>Binds <c>advance</c>; null where it cannot be.</summary>
    public TestAdvance? Bind(AdvanceSyntax advance, TestPlace place)
    {
        if (advance.Time is not { } to) return null;
        if (to.Ms < _reachedMs) GoesBack(to.Span, to.Ms, null);
        _reachedMs = Math.Max(_reachedMs, to.Ms);
        _advancedMs = _reachedMs;
        return new TestAdvance(to.Ms, place);
    }

    /// <summary>Binds <c>at</c>; null where it cannot be.</summary>
    public TestEvent? Bind(AtSyntax at, TestPlace place)
    {
        if (at.Time is { } time) CheckTime(at, time);
        if (at.Stream.IsMissing) return null;
        if (!streams.TryGetValue(at.Stream.Text, out var stream))
        {
            diagnostics.Error(DiagnosticCode.UnknownStream, at.Stream.Span, $"There is no stream `{at.Stream.Text}`.", DiagnosticBag.DidYouMean(at.Stream.Text, streams.Keys));
            return null;
        }
        if (rule.Inputs.All(i => i.Stream != stream.Definition))
        {
            diagnostics.Error(DiagnosticCode.StreamNotInFrom, at.Stream.Span, $"The rule `{rule.Name}` does not read the stream `{at.Stream.Text}`.",
                $"it reads {string.Join(", ", rule.Inputs.Select(i => $"`{i.Stream.Name}`"))}");
            return null;
        }
        if (at.LateBy is { } late && stream.Definition.Time is null)
            diagnostics.Error(DiagnosticCode.TestTime, late.Span, $"The stream `{stream.Name.Text}` goes by processing time, so no event of it is late.");
        var values = ValuesOf(at, stream);
        return at.Time is null ? null : new TestEvent(stream.Definition, values, at.Time.Value.Ms, at.LateBy?.Ms ?? 0, place);
    }

    private void CheckTime(AtSyntax at, DurationSyntax time)
    {
        var comesMs = time.Ms + (at.LateBy?.Ms ?? 0);
        if (comesMs < _reachedMs)
            GoesBack(at.LateBy?.Span ?? time.Span, comesMs, $"write `late by {DurationText.Format(_reachedMs - time.Ms)}` behind it, or put the lines in order");
        else if (at.LateBy is null && time.Ms <= _advancedMs)
            diagnostics.Error(DiagnosticCode.TestTime, time.Span,
                $"`advance to {DurationText.Format(_advancedMs.Value)}` has passed this time, so an event at {DurationText.Format(time.Ms)} is late.",
                "put it before `advance`, or say `late by` behind it");
        _reachedMs = Math.Max(_reachedMs, comesMs);
    }

    private void GoesBack(TextSpan span, long ms, string? help) => diagnostics.Error(DiagnosticCode.TestTime, span,
        $"Time goes back here: this comes at {DurationText.Format(ms)}, and {DurationText.Format(_reachedMs)} was reached.", help);

    private object?[] ValuesOf(AtSyntax at, StreamSymbol stream)
    {
        var type = stream.EventType;
        var given = at.Values.Select(v => v.Name.Text).ToHashSet();
        var time = stream.Definition.Time?.Field;
        var values = type.Fields.Select(f => f.IsOptional ? null : Neutral(f)).ToArray();
        foreach (var (field, value) in new ValueBinder(type, diagnostics).Bind(at.Values, name => RejectUnknown(name, stream)))
        {
            values[field.Index] = value;
            if (field == time) RejectTime(at.Values.First(v => v.Name.Text == field.Name).Name);
        }
        if (time is not null && at.Time is { } ms) values[time.Index] = RuleTest.OriginMs + ms.Ms;
        var missing = type.Fields.Where(f => !f.IsOptional && f != time && !given.Contains(f.Name) && _read.Contains(f)).Select(f => $"`{f.Name}`").ToList();
        // A name that is misspelt is one error, not two.
        if (missing.Count > 0 && !diagnostics.HasErrorIn(at.Span))
            diagnostics.Error(DiagnosticCode.MissingValue, at.Stream.Span,
                $"The event of `{type.Name}` does not say {string.Join(", ", missing)}, which the rule `{rule.Name}` reads.");
        return values;
    }

    private void RejectTime(NameSyntax name) => diagnostics.Error(DiagnosticCode.TestTime, name.Span,
        $"The field `{name.Text}` is the time of the event, which `at` says.", "leave it out");

    private void RejectUnknown(NameSyntax name, StreamSymbol stream)
    {
        if (!stream.Untyped.Contains(name.Text))
            diagnostics.Error(DiagnosticCode.UnknownField, name.Span, $"There is no field `{name.Text}` on stream `{stream.Name.Text}`.",
                DiagnosticBag.DidYouMean(name.Text, stream.FieldNames));
    }

    /// <summary>What a required field holds that is left out, because nothing reads it.</summary>
    private static object Neutral(EventField field) => field.Type switch
    {
        FieldType.Bool => false,
        FieldType.Double => 0d,
        FieldType.Decimal => 0m,
        FieldType.String => "",
        FieldType.Timestamp => RuleTest.OriginMs,
        _ => 0L,
    };
}
