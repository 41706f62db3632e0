using Cep.Rules.Testing;

namespace Cep.Streaming.Testing;

/// <summary>Compares alerts with what is expected of one.</summary>
public static class AlertComparison
{
    /// <summary>How far two doubles may be apart, as a part of the larger.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>Whether an alert is all that is expected.</summary>
    public static bool IsMet(ExpectedAlert expected, TestAlert alert) => IsTimeMet(expected, alert) && expected.Values.All(v => IsMet(v, alert));

    /// <summary>Whether an alert is told at the expected time, or any time will do.</summary>
    public static bool IsTimeMet(ExpectedAlert expected, TestAlert alert) => expected.AtMs is null || expected.AtMs == alert.AtMs;

    /// <summary>Whether a value is the expected one. Doubles are, where they differ by less than a billionth.</summary>
    public static bool IsMet(in ExpectedValue expected, TestAlert alert) => (expected.Value, alert.Values[expected.Field.Index]) switch
    {
        (double a, double b) => a.Equals(b) || Math.Abs(a - b) <= Tolerance * Math.Max(Math.Abs(a), Math.Abs(b)),
        var (a, b) => Equals(a, b),
    };

    /// <summary>How like an alert is to what is expected: how many of its values, the time among them, are as they should be.</summary>
    internal static int Likeness(ExpectedAlert expected, TestAlert alert) =>
        expected.Values.Count(v => IsMet(v, alert)) + (IsTimeMet(expected, alert) ? 1 : 0);
}
