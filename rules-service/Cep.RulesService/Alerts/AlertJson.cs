using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cep.RulesService.Alerts;

/// <summary>How alerts are written where they are not an answer of the API: with the same names, and without escapes that only web pages need.</summary>
internal static class AlertJson
{
    /// <summary>The same for all sinks and streams.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
