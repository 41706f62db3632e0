using Cep.Events;

namespace Cep.Streaming.Tests.Support;

/// <summary>Makes events of declared streams.</summary>
internal static class EventOf
{
    /// <summary>An event with these values, in the CLR types of its fields and in their order; fields beyond them are left as they are.</summary>
    public static object Type(EventType type, params object?[] values)
    {
        var e = Activator.CreateInstance(type.ClrType)!;
        for (var i = 0; i < values.Length; i++)
            type.ClrType.GetField(type.Fields[i].Name)!.SetValue(e, values[i]);
        return e;
    }
}
