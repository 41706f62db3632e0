using Cep.Conditions;
using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;
using Cep.Language.Text;
using Cep.Rules;
using Cep.Rules.Testing;

namespace Cep.Language.Binding;

/// <summary>Makes a test of its declaration.</summary>
/// <param name="syntax">The declaration.</param>
/// <param name="rules">All rules of the set by name; null for one that has errors.</param>
/// <param name="streams">All streams of the set, by name.</param>
/// <param name="lists">All lists of the set.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class TestBinder(
    TestSyntax syntax, IReadOnlyDictionary<string, Rule?> rules, IReadOnlyDictionary<string, StreamSymbol> streams, ListTable lists, DiagnosticBag diagnostics)
{
    private readonly List<TestStep> _steps = [];
    private readonly List<TestExpectation> _expectations = [];

    /// <summary>Binds the test; null where its rule is not known, or has errors of its own. It is of use only if nothing was reported.</summary>
    public RuleTest? Bind()
    {
        if (syntax.Rule.IsMissing) return null;
        if (!rules.TryGetValue(syntax.Rule.Text, out var rule))
        {
            diagnostics.Error(DiagnosticCode.UnknownRule, syntax.Rule.Span, $"There is no rule `{syntax.Rule.Text}`.",
                DiagnosticBag.DidYouMean(syntax.Rule.Text, rules.Keys));
            return null;
        }
        if (rule is null) return null;
        var alerts = RuleAlerts.TypeOf(rule);
        BindSteps(rule);
        BindExpectations(rule, alerts);
        return new RuleTest
        {
            Rule = rule, Name = syntax.Name?.Value ?? "", Place = PlaceOf(syntax.Span), AlertType = alerts, Steps = _steps, Expectations = _expectations,
        };
    }

    private void BindSteps(Rule rule)
    {
        var events = new TestEventBinder(rule, streams, diagnostics);
        foreach (var statement in syntax.Statements)
        {
            TestStep? step = statement switch
            {
                AtSyntax at => events.Bind(at, PlaceOf(at.Span)),
                AdvanceSyntax advance => events.Bind(advance, PlaceOf(advance.Span)),
                RestartSyntax restart => new TestRestart(PlaceOf(restart.Span)),
                _ => null,
            };
            if (step is not null) _steps.Add(step);
        }
    }

    private void BindExpectations(Rule rule, EventType alerts)
    {
        var endsMs = syntax.Statements.Max(TestEventBinder.ReachesMs) ?? 0;
        var isAfterEvent = false;
        foreach (var statement in syntax.Statements)
        {
            isAfterEvent |= statement is AtSyntax or MissingStatementSyntax;
            TestExpectation? expectation = statement switch
            {
                ExpectAlertSyntax alert => BindAlert(alert, rule, alerts, endsMs),
                ExpectNoneSyntax none => new NoAlert(none.Where is null ? null : BindCondition(none.Where, rule, alerts), PlaceOf(none.Span)),
                ExpectLateSyntax late => BindLate(late),
                _ => null,
            };
            if (expectation is null) continue;
            _expectations.Add(expectation);
            if (!isAfterEvent)
                diagnostics.Error(DiagnosticCode.NothingExpected, WordOf(statement), "Nothing has come before this `expect`, so it shows nothing; an `at` before it was expected.");
        }
        if (_expectations.Count == 0 && !syntax.Statements.Any(s => s is MissingStatementSyntax) && !diagnostics.HasErrorIn(syntax.Span))
            diagnostics.Error(DiagnosticCode.NothingExpected, syntax.Name?.Span ?? syntax.Rule.Span, "This test expects nothing, so it shows nothing.",
                "write `expect alert { … }` or `expect none`");
    }

    private ExpectedAlert BindAlert(ExpectAlertSyntax alert, Rule rule, EventType alerts, long endsMs)
    {
        if (alert.Time is { } time && time.Ms > endsMs)
            diagnostics.Error(DiagnosticCode.TestTime, time.Span,
                $"The test ends at {DurationText.Format(endsMs)}, so there is no alert at {DurationText.Format(time.Ms)}.", $"write `advance to {DurationText.Format(time.Ms)}`");
        var values = new List<ExpectedValue>();
        foreach (var value in new ValueBinder(alerts, diagnostics).Bind(alert.Values, name => AlertValues.RejectUnknown(name, rule, alerts, diagnostics)))
            values.Add(new ExpectedValue(value.Field, value.Value));
        return new ExpectedAlert(values, alert.Time?.Ms, PlaceOf(alert.Span));
    }

    private Expr? BindCondition(ExpressionSyntax where, Rule rule, EventType alerts)
    {
        var alert = new StreamSymbol(new StreamDefinition(alerts, null), new HashSet<string>(), diagnostics.Source, syntax.Rule);
        var scope = new Scope { Place = Place.Alert, Candidate = alert, AlertsOf = rule, Streams = streams, Lists = lists };
        return new ExpressionBinder(scope, diagnostics).BindCondition(where, "the condition of `expect none`");
    }

    private ExpectedLate? BindLate(ExpectLateSyntax late)
    {
        if (_expectations.Exists(e => e is ExpectedLate))
            diagnostics.Error(DiagnosticCode.DuplicateClause, WordOf(late), "The test says twice how many events are late; once was expected.");
        return late.Count is { } count ? new ExpectedLate(count, PlaceOf(late.Span)) : null;
    }

    private static TextSpan WordOf(StatementSyntax statement) => new(statement.Span.Start, "expect".Length);

    private TestPlace PlaceOf(TextSpan span) => new(diagnostics.Source.Path, diagnostics.Source.LineOf(span.Start));
}
