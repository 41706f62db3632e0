using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests.Security;

/// <summary>Sends what the OpenAPI document allows, and what it does not; <c>CEP_FUZZ_REQUESTS</c> says how many, 2,000 by default.</summary>
public sealed class FuzzTests
{
    private const string Key = "a-bootstrap-key-of-more-than-32-characters";
    private const long MemoryMax = 512L * 1024 * 1024;

    private static readonly string[] Texts =
        ["", "0", "1", "2", "-1", "99999999999999999999", "true", "null", "NaN", "../../etc/passwd", "%00", "%2e%2e%2f", "'; DROP TABLE alerts; --", "\u0416\u6f22\U0001f600", "{}", "a.cep", "auths", CardRules.Streams, CardRules.TwoLarge, "rule {", new string('(', 3000)];

    private readonly Random _random = new(20);

    [Fact]
    public async Task No_request_that_can_be_made_of_the_document_is_answered_by_a_failure()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("CEP_FUZZ_REQUESTS") ?? "2000", CultureInfo.InvariantCulture);
        await using var service = await RunningService.StartAsync("--Serilog:MinimumLevel:Default", "Fatal", "--Cep:Security:BootstrapKey", Key);
        service.Key = Key;
        await service.GoLiveAsync(CardRules.Files(CardRules.TwoLarge));
        using var asked = await service.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(service.Root, "/openapi/v1.json")));
        var document = JsonNode.Parse(await asked.Content.ReadAsStringAsync())!;
        var operations = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => (Path: p.Key, Method: o.Key, Operation: o.Value!)))
            .Where(o => (string?)o.Operation["operationId"] != "StreamAlerts").ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var answers = new Dictionary<int, int>();
        for (var i = 0; i < count; i++)
        {
            var (path, method, operation) = operations[_random.Next(operations.Count)];
            using var request = Request(service.Root, path, method, operation, document);
            using var response = await service.SendAsync(request);
            var status = (int)response.StatusCode;
            Assert.True(status < 500 || (status == 503 && path == "/health/ready"), $"request {i}: {request} {await BodyOf(request)}\n{status} {await response.Content.ReadAsStringAsync()}");
            answers[status] = answers.GetValueOrDefault(status) + 1;
        }
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < MemoryMax);
        // Without both it tried nothing.
        Assert.True(answers.GetValueOrDefault(200) > count / 20 && answers.GetValueOrDefault(400) > count / 20, string.Join(", ", answers));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await service.GetAsync("rule-sets")).Status);
    }

    private static async Task<string> BodyOf(HttpRequestMessage request) => request.Content is { } content ? await content.ReadAsStringAsync() : "";

    private HttpRequestMessage Request(Uri root, string path, string method, JsonNode operation, JsonNode document)
    {
        var query = new StringBuilder();
        var request = new HttpRequestMessage { Method = HttpMethod.Parse(method.ToUpperInvariant()) };
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            var (name, value) = ((string)parameter!["name"]!, _random.Next(3) == 0 ? Texts[_random.Next(5)] : Pick());
            if ((string?)parameter["in"] == "path")
                path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value.Length is > 0 and < 500 ? value : "1"), StringComparison.Ordinal);
            else if (_random.Next(2) == 0 && (string?)parameter["in"] == "query" && value.Length < 500)
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            else if (_random.Next(2) == 0 && (string?)parameter["in"] == "header")
                request.Headers.TryAddWithoutValidation(name, _random.Next(2) == 0 ? "\"1-1\"" : "\"?\"");
        }
        request.RequestUri = new Uri(root, path + query);
        if (operation["requestBody"]?["content"]?.AsObject() is { } bodies)
        {
            var (type, media) = bodies.ElementAt(_random.Next(bodies.Count));
            var text = _random.Next(10) == 0 ? Pick() : Value(media!["schema"], document, 0)?.ToJsonString() ?? "null";
            request.Content = new StringContent(_random.Next(20) == 0 && text.Length > 1 ? text[..(text.Length / 2)] : text, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(_random.Next(20) == 0 ? "text/plain" : type);
        }
        return request;
    }

    private string Pick() => Texts[_random.Next(Texts.Length)];

    /// <summary>A value of a schema; now and then one that is not.</summary>
    private JsonNode? Value(JsonNode? schema, JsonNode document, int depth)
    {
        if (_random.Next(12) == 0 || depth > 6)
            return _random.Next(5) switch { 0 => null, 1 => new JsonArray(), 2 => new JsonObject(), 3 => _random.NextInt64(), _ => Pick() };
        if ((string?)schema?["$ref"] is { } reference)
            return Value(document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]], document, depth);
        if (schema?["enum"] is JsonArray values)
            return values[_random.Next(values.Count)]?.DeepClone();
        if (schema?["properties"] is JsonObject properties)
            return new JsonObject(properties.Where(_ => _random.Next(8) != 0).Select(p => KeyValuePair.Create(p.Key, Value(p.Value, document, depth + 1))));
        if (schema?["items"] is { } items)
            return new JsonArray(Enumerable.Range(0, _random.Next(4)).Select(_ => Value(items, document, depth + 1)).ToArray());
        var type = schema?["type"] is JsonArray types ? (string?)types[^1] : (string?)schema?["type"];
        return type switch
        {
            "string" => Pick(),
            "integer" => _random.Next(-2, 5),
            "boolean" => _random.Next(2) == 0,
            null => JsonNode.Parse(CardRules.Auth("a", _random.Next(300), _random.Next(1000))),
            _ => _random.Next(200),
        };
    }
}
