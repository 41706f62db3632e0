using Cep.Events;
using Cep.Language.Diagnostics;
using Cep.Language.Parsing;
using Cep.Language.Syntax;
using Cep.Rules;

namespace Cep.Language.Binding;

/// <summary>Makes a stream of its declaration.</summary>
/// <param name="syntax">The declaration.</param>
/// <param name="diagnostics">Takes what is wrong; what can be used is still there.</param>
internal sealed class StreamBinder(StreamSyntax syntax, DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, (FieldType Type, bool IsOptional)> _fields = [];
    private readonly HashSet<string> _untyped = [];
    private WatermarkSyntax? _watermark;

    /// <summary>Checks fields and time.</summary>
    public void Check()
    {
        var seen = new HashSet<string>();
        foreach (var field in syntax.Fields)
        {
            if (field.Name.IsMissing) continue;
            if (!seen.Add(field.Name.Text))
                diagnostics.Error(DiagnosticCode.DuplicateName, field.Name.Span,
                    $"The stream `{syntax.Name.Text}` has two fields called `{field.Name.Text}`; names of fields are unique.");
            else if (TypeOf(field) is { } type) _fields.Add(field.Name.Text, (type, field.IsOptional));
            else _untyped.Add(field.Name.Text);
        }
        CheckTime();
    }

    /// <summary>The stream; after <see cref="Check"/>.</summary>
    public StreamSymbol Build()
    {
        var builder = new EventTypeBuilder(syntax.Name.Text);
        foreach (var (name, (type, isOptional)) in _fields) builder.Field(name, type, isOptional);
        var eventType = builder.Build();
        var time = _watermark is { } watermark && eventType.TryGetField(watermark.Field.Text, out var field)
            ? new EventTime(field, watermark.Delay.Ms, watermark.IdleAfter?.Ms) : null;
        return new StreamSymbol(new StreamDefinition(eventType, time), _untyped, diagnostics.Source, syntax.Name);
    }

    private FieldType? TypeOf(FieldSyntax field)
    {
        if (field.Type.IsMissing) return null;
        var written = field.Type.Text;
        if (StreamParser.Types.Contains(written)) return Enum.Parse<FieldType>(written, ignoreCase: true);
        var help = MeantType(written) is { } meant ? $"did you mean `{meant}`?" : DiagnosticBag.DidYouMean(written, StreamParser.Types);
        diagnostics.Error(DiagnosticCode.UnknownType, field.Type.Span,
            $"There is no type `{written}`; the types are {string.Join(", ", StreamParser.Types.Select(t => $"`{t}`"))}.", help);
        return null;
    }

    internal static string? MeantType(string written) => written.ToLowerInvariant() switch
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

    private IEnumerable<string> Timestamps => _fields.Where(f => f.Value.Type == FieldType.Timestamp).Select(f => f.Key);

    private void CheckTime()
    {
        if (syntax.Times.Count > 1)
        {
            diagnostics.Error(DiagnosticCode.StreamTime, syntax.Times[1].Span,
                $"The stream `{syntax.Name.Text}` says twice where its time comes from; one `watermark for` or one `processing time` was expected.");
        }
        else if (syntax.Times.Count == 0 && !syntax.Name.IsMissing)
        {
            diagnostics.Error(DiagnosticCode.StreamTime, syntax.Name.Span,
                $"The stream `{syntax.Name.Text}` does not say where its time comes from; `watermark for` or `processing time` was expected.",
                Timestamps.FirstOrDefault() is { } timestamp ? $"write `watermark for {timestamp} delay 5s`" : "write `processing time`");
        }
        if (syntax.Times.FirstOrDefault() is not WatermarkSyntax watermark) return;
        if (watermark.IdleAfter is { Ms: 0 } idle)
            diagnostics.Error(DiagnosticCode.StreamTime, idle.Span, "A stream cannot be idle after no time at all; a duration above 0 was expected.");
        if (!watermark.Field.IsMissing && !_untyped.Contains(watermark.Field.Text) && IsFieldOfTime(watermark.Field)) _watermark = watermark;
    }

    private bool IsFieldOfTime(NameSyntax name)
    {
        if (!_fields.TryGetValue(name.Text, out var field))
        {
            var timestamps = Timestamps.ToList();
            diagnostics.Error(DiagnosticCode.UnknownField, name.Span, $"There is no field `{name.Text}` on stream `{syntax.Name.Text}`.",
                DiagnosticBag.DidYouMean(name.Text, _fields.Keys) ?? (timestamps.Count == 1 ? $"did you mean `{timestamps[0]}`?" : null));
        }
        else if (field.Type != FieldType.Timestamp)
            diagnostics.Error(DiagnosticCode.StreamTime, name.Span,
                $"The watermark is for a timestamp, but `{name.Text}` is {ExpressionBinder.Described(field.Type)}.");
        else if (field.IsOptional)
            diagnostics.Error(DiagnosticCode.StreamTime, name.Span,
                $"The field `{name.Text}` may be missing, so it cannot hold the time of every event.",
                $"declare it without `?`: `{name.Text} timestamp`");
        else return true;
        return false;
    }
}
