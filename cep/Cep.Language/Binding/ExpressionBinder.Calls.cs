using Cep.Conditions;
using Cep.Language.Diagnostics;
using Cep.Language.Syntax;

namespace Cep.Language.Binding;

/// <content>Calls: aggregates over a step's events, facts about the match, functions.</content>
internal sealed partial class ExpressionBinder
{
    private static readonly Dictionary<string, AggregateKind> Aggregates = new()
    {
        ["sum"] = AggregateKind.Sum, ["avg"] = AggregateKind.Avg, ["min"] = AggregateKind.Min, ["max"] = AggregateKind.Max,
        ["stddev"] = AggregateKind.StdDev, ["distinct"] = AggregateKind.Distinct,
    };

    private static readonly Dictionary<string, MatchFact> Facts = new()
    {
        ["now"] = MatchFact.Now, ["deadline"] = MatchFact.Deadline, ["match_start"] = MatchFact.Start, ["match_end"] = MatchFact.End,
        ["match_duration"] = MatchFact.Duration, ["key"] = MatchFact.Key,
    };

    private static IEnumerable<string> CallNames => [.. Functions.Names, "first", "last", "count", .. Aggregates.Keys, .. Facts.Keys];

    private Expr? BindCall(CallSyntax call, ValueKind fraction)
    {
        var name = call.Function.Text;
        if (name is "first" or "last") return BindFirstOrLast(call, fraction);
        if (name == "count") return BindCount(call);
        if (Aggregates.TryGetValue(name, out var aggregate)) return BindAggregate(call, aggregate);
        if (Facts.TryGetValue(name, out var fact)) return BindFact(call, fact);
        if (Functions.TryGet(name, out var function)) return BindFunction(call, function, fraction);
        foreach (var argument in call.Arguments.Where(a => a is not (NameExpressionSyntax or NullSyntax))) Bind(argument);
        diagnostics.Error(DiagnosticCode.UnknownFunction, call.Function.Span, $"There is no function `{name}`.",
            MeantFunction(name) is { } meant ? $"did you mean `{meant}`?" : DiagnosticBag.DidYouMean(name, CallNames));
        return null;
    }

    private static string? MeantFunction(string name) => name.ToLowerInvariant() switch
    {
        "average" or "mean" => "avg",
        "total" => "sum",
        "len" => "length",
        "substr" => "substring",
        "ceiling" => "ceil",
        "stdev" or "std" => "stddev",
        "count_distinct" or "distinct_count" => "distinct",
        "ifnull" or "nvl" => "coalesce",
        "dow" or "dayofweek" => "day_of_week",
        "log" => "ln",
        "tolower" => "lower",
        "toupper" => "upper",
        _ => null,
    };

    private Expr? BindFirstOrLast(CallSyntax call, ValueKind fraction)
    {
        var name = call.Function.Text;
        if (call.Arguments.Count is 0 or > 2)
        {
            RejectArguments(call, $"`{name}(step.field)` or `{name}(step.field, default)`");
            return null;
        }
        var taken = ArgumentOfStep(call) is { } field ? BindFieldOfStep(field with { Index = name == "first" ? 0 : -1 }) : null;
        if (call.Arguments.Count == 1) return taken;
        if (taken is null)
        {
            if (call.Arguments[1] is not NullSyntax) Bind(call.Arguments[1]);
            return null;
        }
        if (BindBeside(call.Arguments[1], taken, fraction) is not { } otherwise) return null;
        if (taken.Kind != otherwise.Kind && ValueKinds.Common(taken.Kind, otherwise.Kind) is null)
        {
            ErrorIn(call.Arguments[1], DiagnosticCode.TypeMismatch,
                $"{Described(call.Arguments[0], taken)}, but its default {Described(call.Arguments[1], otherwise)}; both must have one type.");
            return null;
        }
        var kind = ValueKinds.Common(taken.Kind, otherwise.Kind) ?? taken.Kind;
        return ExprFactory.Call(Function.Coalesce, taken, Adapt(otherwise, kind));
    }

    private Expr? BindCount(CallSyntax call)
    {
        if (call.Arguments is [NameExpressionSyntax step])
            return UseStep(step.Name, step.Name.Text) is { } symbol ? ExprFactory.Count(symbol.Name) : null;
        if (call.Arguments is [FieldOfStepSyntax { Index: null } field])
        {
            ErrorIn(field, DiagnosticCode.WrongArguments, "`count` counts the events of a step and takes no field.",
                $"write `count({field.Step.Text})`, or `distinct({field.Step.Text}.{field.Field.Text})` for the number of different values");
            return null;
        }
        if (call.Arguments is not [MissingExpressionSyntax]) RejectArguments(call, "`count(step)`");
        return null;
    }

    private Expr? BindAggregate(CallSyntax call, AggregateKind aggregate)
    {
        if (call.Arguments.Count != 1)
        {
            var help = call.Function.Text switch
            {
                "min" => "for the smallest of several values write `least(…)`",
                "max" => "for the largest of several values write `greatest(…)`",
                _ => null,
            };
            RejectArguments(call, $"`{call.Function.Text}(step.field)`", call.Arguments.Count > 1 ? help : null);
            return null;
        }
        if (ArgumentOfStep(call) is not { } syntax || UseStep(syntax.Step, syntax.Field.Text) is not { } step
            || FieldOf(step, syntax.Field) is not { } field) return null;
        if (Typing.Result(aggregate, field.Kind) is not null) return ExprFactory.Aggregate(aggregate, step.Name, step.Stream!.EventType, field);
        ErrorIn(call.Arguments[0], DiagnosticCode.TypeMismatch,
            $"`{syntax.Step.Text}.{syntax.Field.Text}` is {Described(field.Type)}; `{call.Function.Text}` does not apply to it.");
        return null;
    }

    /// <summary>The first argument as a field of a step; null after reporting what stands there instead.</summary>
    private FieldOfStepSyntax? ArgumentOfStep(CallSyntax call)
    {
        var name = call.Function.Text;
        switch (call.Arguments[0])
        {
            case FieldOfStepSyntax { Index: null } field: return field;
            case MissingExpressionSyntax: return null;
            case NameExpressionSyntax bare:
                var isStep = scope.Steps.ContainsKey(bare.Name.Text);
                var own = scope.Step is { IsLoop: true, IsNegated: false } here ? here.Name : "step";
                ErrorIn(bare, DiagnosticCode.WrongArguments,
                    isStep ? $"`{name}` reads a field of a step's events, but only the step `{bare.Name.Text}` was found."
                    : $"`{name}` reads the events a step has taken, but a field of the event being tested was found.",
                    isStep ? $"write `{name}({bare.Name.Text}.FIELD)`" : $"write `{name}({own}.{bare.Name.Text})`");
                return null;
            default:
                RejectArguments(call, $"`{name}(step.field)`");
                return null;
        }
    }

    private Expr? BindFact(CallSyntax call, MatchFact fact)
    {
        var name = call.Function.Text;
        if (call.Arguments.Count > 0) RejectArguments(call, $"`{name}()`");
        else if (fact != MatchFact.Now && scope.Place != Place.Measure)
            ErrorIn(call, DiagnosticCode.OnlyInEmit, $"`{name}()` tells about a whole match, so it stands only in `emit`.",
                name == "deadline" ? null : "`now()` is the time of the event being tested");
        else if (fact == MatchFact.Deadline && !scope.HasDeadline)
            ErrorIn(call, DiagnosticCode.NoSuchFact, "`deadline()` is the first event's time + `within`, and this pattern has no `within DURATION`.");
        else if (fact == MatchFact.Key && !scope.HasKey)
            ErrorIn(call, DiagnosticCode.NoSuchFact, "`key()` is the key of the match, and this rule has none.",
                "write `key FIELD` after the stream in `from`");
        else return ExprFactory.Fact(fact);
        return null;
    }

    private Expr? BindFunction(CallSyntax call, Function function, ValueKind fraction)
    {
        if (BindArguments(call, function, fraction) is not { } arguments) return null;
        if (Functions.Result(function, arguments.Select(a => a.Kind).ToArray()) is not { } result)
        {
            var found = string.Join(", ", arguments.Select(a => a.Kind.Name()));
            ErrorIn(call, DiagnosticCode.WrongArguments,
                $"`{call.Function.Text}` does not take ({found}); it is called as `{Functions.Signature(function)}`.");
            return null;
        }
        if (!AreConstantsSound(call, function, arguments)) return null;
        var adapts = function is Function.Greatest or Function.Least or Function.Coalesce;
        return ExprFactory.Call(function, adapts ? arguments.Select(a => Adapt(a, result)).ToArray() : arguments);
    }

    private List<Expr>? BindArguments(CallSyntax call, Function function, ValueKind fraction)
    {
        if (function is Function.Greatest or Function.Least or Function.Coalesce) return BindSiblings(call.Arguments, fraction);
        var takesTimestamps = function is Function.DateDiff or Function.Hour or Function.Minute or Function.DayOfWeek;
        var bound = new List<Expr?>();
        foreach (var (argument, index) in call.Arguments.Select((a, i) => (a, i)))
        {
            var isTime = takesTimestamps && argument is TextSyntax && index == (function == Function.DateDiff ? Math.Max(index, 1) : 0);
            bound.Add(isTime ? BindTimestamp((TextSyntax)argument) : Bind(argument, fraction));
        }
        return bound.Contains(null) ? null : bound.Select(b => b!).ToList();
    }

    private bool AreConstantsSound(CallSyntax call, Function function, List<Expr> arguments)
    {
        if (function == Function.DateDiff)
        {
            var unit = (arguments[0] as LiteralExpr)?.Value as string;
            if (unit is not null && Functions.Units.ContainsKey(unit)) return true;
            var units = string.Join(", ", Functions.Units.Keys.Select(u => $"\"{u}\""));
            ErrorIn(call.Arguments[0], DiagnosticCode.WrongArguments,
                $"The unit of `date_diff` must be one of {units}, but found {Quoted(call.Arguments[0]) ?? "something else"}.",
                unit is null ? null : DiagnosticBag.DidYouMean(unit, Functions.Units.Keys));
            return false;
        }
        if (function != Function.Round || arguments.Count < 2 || arguments[1] is LiteralExpr { Value: >= 0L and <= 15L } or not LiteralExpr)
            return true;
        ErrorIn(call.Arguments[1], DiagnosticCode.WrongArguments,
            $"`round` rounds to 0 to 15 digits, but found {Quoted(call.Arguments[1]) ?? "another number"}.");
        return false;
    }

    private void RejectArguments(CallSyntax call, string expected, string? help = null)
    {
        if (call.Arguments.Any(a => a is MissingExpressionSyntax)) return;
        var count = call.Arguments.Count;
        var found = count switch
        {
            0 => "no arguments were found",
            1 => $"{Quoted(call.Arguments[0]) ?? "something else"} was found",
            _ => $"{count} arguments were found",
        };
        ErrorIn(call, DiagnosticCode.WrongArguments, $"Expected {expected}, but {found}.", help);
    }
}
