using Cep.Engine.Connectors.EventLogs;
using Cep.Engine.Tests.Support;
using Xunit;

namespace Cep.Engine.Tests.Connectors.EventLogs;

public sealed class EventLogFormatTests : IDisposable
{
    private readonly LogBed _bed = new();

    public void Dispose() => _bed.Dispose();

    /// <summary>What programs wrote has to be read by later ones: these bytes do not change while the version is 1. The checksums are those of another program.</summary>
    [Fact]
    public async Task A_segment_has_these_bytes()
    {
        _bed.Options = _bed.Options with { NewSalt = () => 0x04030201, TimeProvider = new ManualClock(startMs: 0x0102_0304_0506) };
        using (EventLog log = _bed.Open()) await LogBed.Append(log, ["ab", "", "c"], ["d"]);
        string hex = Convert.ToHexStringLower(await File.ReadAllBytesAsync(Assert.Single(_bed.Files)));
        Assert.Equal(
            "434550454c4f470a" + "01000000" + "01020304" + "0000000000000000" + "7c53f86e"
            + "e16c0d9b" + "0f000000" + "0000000000000000" + "0605040302010000" + "03000000" + "6c8e9362" + "1e1eecac" + "02000000" + "6162" + "00000000" + "01000000" + "63"
            + "e16c0d9b" + "05000000" + "0300000000000000" + "0605040302010000" + "01000000" + "66f0edf8" + "ef5d16f2" + "01000000" + "64",
            hex);
    }

    [Theory]
    [InlineData("00000000000000000000.log", 0L)]
    [InlineData("09223372036854775807.log", long.MaxValue)]
    [InlineData("09223372036854775808.log", null)]
    [InlineData("0000000000000000000.log", null)]
    [InlineData("0000000000000000000x.log", null)]
    [InlineData("00000000000000000000.new", null)]
    [InlineData("pins", null)]
    public void The_name_of_a_segment_is_its_base_offset(string name, long? offset)
    {
        Assert.Equal(offset, EventLogFormat.BaseOffset(name));
        if (offset is { } known) Assert.Equal(name, EventLogFormat.FileName(known));
    }
}
