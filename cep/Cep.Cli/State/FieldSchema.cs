using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Cep.Cli.State;

/// <summary>Reads keys and values of a snapshot by the schema that stands beside them: <c>name:type</c> with commas between, of fixed width but for the last.</summary>
/// <remarks>Types: <c>int64</c>, <c>int32</c> little-endian, <c>bool</c> one byte, and as the last <c>string</c> (UTF-8) or <c>bytes</c>, the rest.</remarks>
internal static class FieldSchema
{
    /// <summary>The fields in their order; false where the schema is of another kind, or does not fit.</summary>
    public static bool TryRead(string schema, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IReadOnlyList<(string Name, object Value)>? fields)
    {
        var read = new List<(string, object)>();
        fields = null;
        foreach (var field in schema.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (field.Split(':') is not [var name, var type] || !TryTake(type, ref bytes, out var value))
                return false;
            read.Add((name, value));
        }
        fields = bytes.IsEmpty ? read : null;
        return fields is not null;
    }

    private static bool TryTake(string type, ref ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out object? value)
    {
        var width = type switch { "int64" => sizeof(long), "int32" => sizeof(int), "bool" => 1, "string" or "bytes" => bytes.Length, _ => int.MaxValue };
        value = null;
        if (bytes.Length < width)
            return false;
        value = type switch
        {
            "int64" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            "int32" => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            "bool" => bytes[0] != 0,
            "string" => Encoding.UTF8.GetString(bytes),
            _ => bytes.ToArray(),
        };
        bytes = bytes[width..];
        return true;
    }
}
