using System.Security.Cryptography;
using Cep.Engine.Checkpoints;
using Cep.Events;
using Cep.Streaming.Swaps;

namespace Cep.Streaming.Snapshots;

/// <summary>Which rules wrote a snapshot: a state without entries, whose schema tells it before any entry is read.</summary>
internal static class RuleSetSchema
{
    private const string Name = "ruleset";

    public static StateSchema Of(PatternSet patterns) => new(Name, "operator", "", Convert.ToBase64String(Bytes(patterns)));

    /// <summary>The rules that wrote a snapshot; null where it does not tell.</summary>
    /// <exception cref="InvalidDataException">The schema is damaged.</exception>
    public static IReadOnlyList<RuleSignature>? Read(IEnumerable<StateSchema> states) =>
        states.FirstOrDefault(s => s.Name == Name) is { } schema ? Read(new EventBinaryInput(Convert.FromBase64String(schema.Value))) : null;

    /// <summary>32 hexadecimal digits that tell a set from others.</summary>
    public static string IdOf(PatternSet patterns) => Convert.ToHexStringLower(SHA256.HashData(Bytes(patterns))[..16]);

    public static void Write(PatternSet patterns, EventBinaryOutput output)
    {
        output.Unsigned((ulong)patterns.Signatures.Count);
        foreach (var rule in patterns.Signatures)
            rule.Write(output);
    }

    public static IReadOnlyList<RuleSignature> Read(EventBinaryInput input)
    {
        var rules = new RuleSignature[input.Number(input.Left, "number of rules")];
        for (var i = 0; i < rules.Length; i++)
            rules[i] = RuleSignature.Read(input);
        return rules;
    }

    private static ReadOnlySpan<byte> Bytes(PatternSet patterns)
    {
        var output = new EventBinaryOutput();
        Write(patterns, output);
        return output.Written;
    }
}
