using Cep.Patterns;

namespace Cep.Language.Formatting;

/// <summary>The words of rule text for values of the model.</summary>
internal static class RuleWords
{
    public static string Of(OverflowPolicy policy) => policy switch
    {
        OverflowPolicy.DropOldest => "drop_oldest",
        OverflowPolicy.DropNewest => "drop_newest",
        OverflowPolicy.Fail => "fail",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
    };
}
