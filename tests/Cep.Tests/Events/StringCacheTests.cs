using System.Text;
using Cep.Events;
using Xunit;

namespace Cep.Tests.Events;

public class StringCacheTests
{
    private readonly StringCache _cache = new();

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("card-17")]
    [InlineData("żółć")]
    [InlineData("日本語")]
    [InlineData("a👍b")]
    public void An_equal_text_is_the_same_string(string text)
    {
        var first = Get(text);

        Assert.Equal(text, first);
        Assert.Same(first, Get(text));
    }

    [Fact]
    public void Long_text_is_not_kept()
    {
        var text = new string('x', StringCache.LongestUtf8 + 1);

        Assert.NotSame(Get(text), Get(text));
    }

    [Fact]
    public void Texts_that_share_a_place_stay_apart()
    {
        var texts = Enumerable.Range(0, 3 * StringCache.Size).Select(i => "k" + i).ToList();

        Assert.All(texts.Concat(texts), t => Assert.Equal(t, Get(t)));
    }

    [Fact]
    public void A_field_whose_texts_never_come_again_stops_keeping_them()
    {
        for (var i = 0; i <= StringCache.Window; i++)
            Get("id-" + i);

        Assert.True(_cache.IsOff);
        Assert.NotSame(Get("a"), Get("a"));
    }

    [Fact]
    public void A_field_of_a_thousand_texts_keeps_them()
    {
        for (var i = 0; i <= 3 * StringCache.Window; i++)
            Get("key-" + (i % 1_000));

        Assert.False(_cache.IsOff);
    }

    private string Get(string text) => _cache.Get(Encoding.UTF8.GetBytes(text));
}
