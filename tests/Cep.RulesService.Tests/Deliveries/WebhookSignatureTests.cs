using System.Text;
using Cep.RulesService.Deliveries.Sinks;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests.Deliveries;

public sealed class WebhookSignatureTests
{
    [Fact]
    public void Signature_is_the_one_that_others_compute()
    {
        // By `openssl dgst -sha256 -mac HMAC` over `msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}`.
        var signature = new WebhookSignature(Sinks.Secret).Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""));
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void While_a_key_is_changed_both_sign()
    {
        var other = $"whsec_{Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray())}";
        var both = new WebhookSignature($"{other} {Sinks.Secret}").Sign("a", 1, "{}"u8).Split(' ');
        Assert.Equal([new WebhookSignature(other).Sign("a", 1, "{}"u8), new WebhookSignature(Sinks.Secret).Sign("a", 1, "{}"u8)], both);
    }

    [Theory]
    [InlineData(null, "S is empty; the key with which requests are signed was expected: `whsec_` and 24 to 64 bytes in Base64.")]
    [InlineData(" ", "S is empty; the key with which requests are signed was expected: `whsec_` and 24 to 64 bytes in Base64.")]
    [InlineData("whsec_c2hvcnQ=", "S: key 1 is none; `whsec_` and 24 to 64 bytes in Base64 were expected.")]
    [InlineData(Sinks.Secret + " MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "S: key 2 is none; `whsec_` and 24 to 64 bytes in Base64 were expected.")]
    public void Secret_that_is_none_is_told_without_it(string? secret, string why) => Assert.Equal([why], WebhookSignature.Problems("S", secret));
}
