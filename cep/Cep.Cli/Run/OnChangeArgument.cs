using System.Diagnostics.CodeAnalysis;
using Cep.Streaming.Swaps;

namespace Cep.Cli.Run;

/// <summary>What <c>--on-change</c> says.</summary>
internal static class OnChangeArgument
{
    /// <summary>What it can say.</summary>
    public const string Forms = "carry, reset or drain";

    public static bool TryParse(string text, [NotNullWhen(true)] out SwapPolicy? policy)
    {
        policy = text switch
        {
            "carry" => SwapPolicy.Carry,
            "reset" => SwapPolicy.Reset,
            "drain" => SwapPolicy.Drain,
            _ => null,
        };
        return policy is not null;
    }
}
