using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Cep.Conditions;
using Xunit;

namespace Cep.Tests.Conditions;

public class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("::2:3:4:5:6:7:8")]
    [InlineData("2001:DB8::a:0:1")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("64:ff9b::192.0.2.33")]
    [InlineData("1:2:3:4:5:6:1.2.3.4")]
    public void An_address_is_read_as_the_platform_reads_it(string text)
    {
        Assert.True(AddressText.TryParse(text, out var address));
        Assert.Equal(Bits(IPAddress.Parse(text)), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("+1.2.3.4")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("1.2.3.4::")]
    public void What_is_no_address_is_refused(string text) => Assert.False(AddressText.TryParse(text, out _));

    [Fact]
    public void Random_addresses_are_read_as_the_platform_reads_them()
    {
        var random = new Random(1);
        var bytes = new byte[16];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            for (var zeros = random.Next(12); zeros > 0; zeros--)
                bytes[random.Next(16)] = 0;
            var address = new IPAddress(bytes.AsSpan(0, random.Next(2) == 0 ? 4 : 16));
            var text = random.Next(3) == 0 ? address.ToString().ToUpperInvariant() : address.ToString();
            Assert.True(AddressText.TryParse(text, out var read), text);
            Assert.Equal(Bits(address), read);
        }
    }

    [Fact]
    public void What_is_taken_of_mutated_addresses_is_what_the_platform_takes()
    {
        var random = new Random(2);
        string[] originals = ["10.20.30.40", "1:2:3:4:5:6:7:8", "2001:db8::ff00:42:8329", "::ffff:1.2.3.4", "::"];
        var taken = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = originals[random.Next(originals.Length)].ToList();
            for (var changes = random.Next(1, 3); changes > 0 && text.Count > 0; changes--)
            {
                var at = random.Next(text.Count);
                if (random.Next(2) == 0)
                    text.RemoveAt(at);
                else
                    text.Insert(at, ":.0159af"[random.Next(8)]);
            }
            var mutant = new string([.. text]);
            if (!AddressText.TryParse(mutant, out var address))
                continue;
            taken++;
            Assert.Equal(Bits(IPAddress.Parse(mutant)), address);
        }
        Assert.InRange(taken, 5_000, 45_000);
    }

    [Fact]
    public void A_set_holds_what_one_of_its_blocks_holds()
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            var blocks = Enumerable.Range(0, random.Next(12)).Select(_ => Block(random)).ToList();
            var set = new AddressSet(blocks);
            for (var i = 0; i < 40; i++)
            {
                var address = blocks.Count > 0 && random.Next(2) == 0 ? Near(random, blocks[random.Next(blocks.Count)]) : (UInt128)random.Next(4096);
                Assert.Equal(blocks.Exists(b => b.First <= address && address <= b.Last), set.Contains(address));
            }
        }
    }

    [Theory]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    [InlineData("10.1.2.0/23", "10.1.2.0", "10.1.3.255")]
    [InlineData("10.1.2.3", "10.1.2.3", "10.1.2.3")]
    [InlineData("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::/33", "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::1", "::1", "::1")]
    public void A_block_goes_from_its_first_address_to_its_last(string text, string first, string last)
    {
        Assert.True(AddressBlock.TryParse(text, out var block, out _));
        Assert.Equal((Bits(IPAddress.Parse(first)), Bits(IPAddress.Parse(last))), (block.First, block.Last));
    }

    [Theory]
    [InlineData("10.1.2.3/8", "its address has bits behind the first 8; the block is `10.0.0.0/8`")]
    [InlineData("2001:db8::1:0:0:1/96", "its address has bits behind the first 96; the block is `2001:db8:0:0:1::/96`")]
    [InlineData("::1/0", "its address has bits behind the first 0; the block is `::/0`")]
    [InlineData("1:2:3:4:5:6:7:8/127", null)]
    [InlineData("10.0.0.0/33", "behind its slash a number of bits from 0 to 32 was expected")]
    [InlineData("::/129", "behind its slash a number of bits from 0 to 128 was expected")]
    [InlineData("10.0.0.0/08", "behind its slash a number of bits from 0 to 32 was expected")]
    [InlineData("10.0.0.0/-1", "behind its slash a number of bits from 0 to 32 was expected")]
    [InlineData("10.0.0.0/8/8", "behind its slash a number of bits from 0 to 32 was expected")]
    [InlineData("10.0.0/8", "that is no block of addresses such as `10.0.0.0/8` or `2001:db8::/32`")]
    public void What_is_no_block_says_why(string text, string? expected)
    {
        Assert.Equal(expected is null, AddressBlock.TryParse(text, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    private static AddressBlock Block(Random random)
    {
        var bits = random.Next(13);
        var first = (UInt128)(random.Next(4096) >> bits << bits);
        return new AddressBlock(first, first + (UInt128.One << bits) - 1);
    }

    private static UInt128 Near(Random random, AddressBlock block)
    {
        var edge = random.Next(2) == 0 ? block.First : block.Last;
        return random.Next(3) switch { 0 when edge > 0 => edge - 1, 1 => edge + 1, _ => edge };
    }

    /// <summary>The bits of an address; of IPv4 those of the IPv6 address that stands for it.</summary>
    private static UInt128 Bits(IPAddress address) =>
        BinaryPrimitives.ReadUInt128BigEndian((address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address).GetAddressBytes());
}
