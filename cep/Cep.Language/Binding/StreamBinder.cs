using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Parsing;
using Cep.Language.Syntax;
using Cep.Rules;

namespace Cep.Language.Binding;

/// <summary>Makes a stream of its declaration.</summary>
internal static class StreamBinder
{
    /// <summary>Binds a stream; what is wrong goes to <paramref name="diagnostics"/>, and what can be used is still there.</summary>
    public static StreamSymbol Bind(StreamSyntax syntax, DiagnosticBag diagnostics)
    {
        var untyped = new HashSet<string>();
        var builder = new EventTypeBuilder(syntax.Name.IsMissing ? "_" : syntax.Name.Text);
        var seen = new HashSet<string>();
        foreach (var field in syntax.Fields)
        {
            if (field.Name.IsMissing) continue;
            if (!seen.Add(field.Name.Text))
                diagnostics.Error(DiagnosticCode.DuplicateName, field.Name.Span, $"The stream `{syntax.Name.Text}` has two fields called `{field.Name.Text}`; names of fields are unique.");
            else if (TypeOf(field, diagnostics) is { } type) builder.Field(field.Name.Text, type, field.IsOptional);
            else untyped.Add(field.Name.Text);
        }
        var eventType = builder.Build();
        return new StreamSymbol(new StreamDefinition(eventType, BindTime(syntax, eventType, untyped, diagnostics)), untyped, diagnostics.Source, syntax.Name);
    }

    private static FieldType? TypeOf(FieldSyntax field, DiagnosticBag diagnostics)
    {
        if (field.Type.IsMissing) return null;
        var written = field.Type.Text;
        if (StreamParser.Types.Contains(written)) return Enum.Parse<FieldType>(written, ignoreCase: true);
        var help = MeantType(written) is { } meant ? $"did you mean `{meant}`?" : DiagnosticBag.DidYouMean(written, StreamParser.Types);
        diagnostics.Error(DiagnosticCode.UnknownType, field.Type.Span, $"There is no type `{written}`; the types are {string.Join(", ", StreamParser.Types.Select(t => $"`{t}`"))}.", help);
        return null;
    }

    private static string? MeantType(string written) => written.ToLowerInvariant() switch
    {
        "text" or "varchar" or "char" or "str" or "uuid" => "string",
        "float" or "real" or "number" => "double",
        "integer" or "int32" or "short" => "int",
        "int64" or "bigint" => "long",
        "money" or "numeric" => "decimal",
        "datetime" or "date" or "time" or "instant" => "timestamp",
        "timespan" or "interval" => "duration",
        _ => null,
    };

    private static EventTime? BindTime(StreamSyntax syntax, EventType type, HashSet<string> untyped, DiagnosticBag diagnostics)
    {
        if (syntax.Times.Count > 1)
        {
            diagnostics.Error(DiagnosticCode.StreamTime, syntax.Times[1].Span, $"The stream `{syntax.Name.Text}` says twice where its time comes from; one `watermark for` or one `processing time` was expected.");
        }
        else if (syntax.Times.Count == 0 && !syntax.Name.IsMissing)
        {
            var timestamp = type.Fields.FirstOrDefault(f => f.Type == FieldType.Timestamp);
            diagnostics.Error(DiagnosticCode.StreamTime, syntax.Name.Span, $"The stream `{syntax.Name.Text}` does not say where its time comes from; `watermark for` or `processing time` was expected.",
                timestamp is null ? "write `processing time`" : $"write `watermark for {timestamp.Name} delay 5s`");
        }
        if (syntax.Times.FirstOrDefault() is not WatermarkSyntax watermark) return null;
        if (watermark.IdleAfter is { Ms: 0 } idle) diagnostics.Error(DiagnosticCode.StreamTime, idle.Span, "A stream cannot be idle after no time at all; a duration above 0 was expected.");
        return FieldOfTime(watermark.Field, syntax, type, untyped, diagnostics) is { } field ? new EventTime(field, watermark.Delay.Ms, watermark.IdleAfter?.Ms) : null;
    }

    private static EventField? FieldOfTime(NameSyntax name, StreamSyntax syntax, EventType type, HashSet<string> untyped, DiagnosticBag diagnostics)
    {
        if (name.IsMissing || untyped.Contains(name.Text)) return null;
        if (!type.TryGetField(name.Text, out var field))
        {
            var timestamps = type.Fields.Where(f => f.Type == FieldType.Timestamp).Select(f => f.Name).ToList();
            diagnostics.Error(DiagnosticCode.UnknownField, name.Span, $"There is no field `{name.Text}` on stream `{syntax.Name.Text}`.",
                DiagnosticBag.DidYouMean(name.Text, type.Fields.Select(f => f.Name)) ?? (timestamps.Count == 1 ? $"did you mean `{timestamps[0]}`?" : null));
            return null;
        }
        if (field.Type != FieldType.Timestamp)
            diagnostics.Error(DiagnosticCode.StreamTime, name.Span, $"The watermark is for a timestamp, but `{name.Text}` is {ExpressionBinder.Described(field)}.");
        else if (field.IsOptional)
            diagnostics.Error(DiagnosticCode.StreamTime, name.Span, $"The field `{name.Text}` may be missing, so it cannot hold the time of every event.", $"declare it without `?`: `{name.Text} timestamp`");
        else return field;
        return null;
    }
}
