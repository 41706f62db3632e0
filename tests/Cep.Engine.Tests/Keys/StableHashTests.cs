using Cep.Engine.Keys;
using Xunit;

namespace Cep.Engine.Tests.Keys;

public class StableHashTests
{
    [Fact]
    public void Hashes_never_change()
    {
        (ulong Hash, ulong Actual)[] pinned =
        [
            (0x5FA86A2B70407BE9, StableHash.Of(0L)),
            (0x6D0E0B7515BD162C, StableHash.Of(1L)),
            (0x90DA4AE4962DD257, StableHash.Of(-1L)),
            (0x9E4A02B2878F801E, StableHash.Of(long.MaxValue)),
            (0x5FA86A2B70407BE9, StableHash.Of(false)),
            (0x6D0E0B7515BD162C, StableHash.Of(true)),
            (0x6A4182EB990E2E99, StableHash.Of(1.5)),
            (0xFDDA9510125C9C5D, StableHash.Of(double.NaN)),
            (0x09C5248AB4D7D985, StableHash.Of(1.5m)),
            (0x454735D21FB0DED2, StableHash.Of(decimal.MinValue)),
            (0x5FA86A2B70407BE9, StableHash.Of("")),
            (0x00E8806DC5238DAC, StableHash.Of("a")),
            (0xBD7151623E6D8565, StableHash.Of("user-12345")),
            (0x387742C5918653D6, StableHash.Of("żółw😀")),
            (0xB0EF3C523BE359FD, StableHash.Combine(StableHash.Of("eu"), StableHash.Of(7L))),
        ];
        Assert.Equal(pinned.Select(pair => pair.Hash), pinned.Select(pair => pair.Actual));
    }

    [Fact]
    public void Equal_numbers_hash_equal()
    {
        Assert.Equal(StableHash.Of(0.0), StableHash.Of(-0.0));
        Assert.Equal(StableHash.Of(double.NaN), StableHash.Of(BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001)));
        Assert.Equal(StableHash.Of(1.0m), StableHash.Of(1.000m));
        Assert.Equal(StableHash.Of(0m), StableHash.Of(-0.00m));
        Assert.Equal(StableHash.Of(120m), StableHash.Of(120.0m));
        Assert.NotEqual(StableHash.Of(1.5m), StableHash.Of(-1.5m));
        Assert.NotEqual(StableHash.Of(decimal.MaxValue), StableHash.Of(decimal.MinValue));
    }

    [Fact]
    public void The_order_of_the_parts_of_a_key_counts()
    {
        ulong a = StableHash.Of("a");
        ulong b = StableHash.Of("b");
        Assert.NotEqual(StableHash.Combine(a, b), StableHash.Combine(b, a));
        Assert.NotEqual(StableHash.Combine(a, a), StableHash.Combine(b, b));
    }

    [Fact]
    public void Texts_that_differ_in_length_or_one_character_differ()
    {
        var hashes = new HashSet<ulong>();
        for (int length = 0; length < 40; length++)
        {
            Assert.True(hashes.Add(StableHash.Of(new string('\0', length))));
            for (int at = 0; at < length; at++)
            {
                char[] text = new char[length];
                text[at] = 'x';
                Assert.True(hashes.Add(StableHash.Of(text)));
            }
        }
    }

    [Fact]
    public void Neighbouring_keys_fill_the_key_groups_evenly()
    {
        const int keys = 128_000;
        CheckEven(i => StableHash.Of((long)i));
        CheckEven(i => StableHash.Of($"user-{i}"));
        CheckEven(i => StableHash.Of((double)i));
        CheckEven(i => StableHash.Combine(StableHash.Of("eu"), StableHash.Of((long)i)));

        static void CheckEven(Func<int, ulong> hash)
        {
            int[] counts = new int[KeyGroupAssignment.KeyGroups];
            for (int i = 0; i < keys; i++) counts[KeyGroupAssignment.KeyGroupOf(hash(i))]++;
            // 1,000 expected; the standard deviation of a fair spread is 31.5.
            Assert.InRange(counts.Min(), 850, 1000);
            Assert.InRange(counts.Max(), 1000, 1150);
        }
    }
}
