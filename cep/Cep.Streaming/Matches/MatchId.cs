using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cep.Evaluation;
using Cep.Rules;

namespace Cep.Streaming.Matches;

/// <summary>Makes the id of a match from what it is: the rule and its version, and which events of the input each step took.</summary>
internal static class MatchId
{
    private const int BytesKept = 16;

    public static string Of(Rule rule, MatchKind kind, IReadOnlyList<EventNode> events)
    {
        var name = Encoding.UTF8.GetByteCount(rule.Name);
        Span<byte> content = new byte[name + 5 + 12 * events.Count];
        Encoding.UTF8.GetBytes(rule.Name, content);
        BinaryPrimitives.WriteInt32LittleEndian(content[name..], rule.Version);
        content[name + 4] = (byte)kind;
        var at = name + 5;
        foreach (var e in events)
        {
            BinaryPrimitives.WriteInt32LittleEndian(content[at..], e.Step);
            BinaryPrimitives.WriteInt64LittleEndian(content[(at + 4)..], e.Sequence);
            at += 12;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Convert.ToHexStringLower(hash[..BytesKept]);
    }
}
