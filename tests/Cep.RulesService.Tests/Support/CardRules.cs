namespace Cep.RulesService.Tests.Support;

/// <summary>Rules over payments by card, and payments.</summary>
internal static class CardRules
{
    public const string Streams = """
        stream auths {
            card_id string
            amount  decimal
            ts      timestamp
            watermark for ts delay 0s
        }
        """;

    /// <summary>A small payment, then a large one, of one card.</summary>
    public static string SmallThenLarge(decimal large = 100, string title = "Small, then large") => $$"""
        rule small_then_large {
            title "{{title}}"
            from  auths key card_id
            match small: auths where amount < 2 -> large: auths where amount > {{large}} within 1h
            emit  alert { amount = large.amount }
        }
        """;

    /// <summary>Two large payments of one card.</summary>
    public const string TwoLarge = """
        rule two_large {
            from  auths key card_id
            match a: auths where amount > 100 -> b: auths where amount > 100 within 1h
        }
        """;

    /// <summary>A payment, and directly after it a larger one.</summary>
    public const string Rising = """
        rule rising {
            from  auths key card_id
            match a: auths where amount > 50 => b: auths where amount > a.amount within 1m
        }
        """;

    /// <summary>The rule files of a set.</summary>
    public static (string Path, string Text)[] Files(params string[] rules) => [("streams.cep", Streams), ("rules.cep", string.Join("\n", rules))];

    /// <summary>A payment, a line of JSON.</summary>
    /// <param name="card">Whose.</param>
    /// <param name="amount">How much.</param>
    /// <param name="minute">When, in minutes from the beginning.</param>
    public static string Auth(string card, decimal amount, int minute) =>
        FormattableString.Invariant($$"""{"card_id":"{{card}}","amount":{{amount}},"ts":{{1_767_225_600_000 + (minute * 60_000L)}}}""");
}
