using Cep.Engine.Time;
using Xunit;

namespace Cep.Engine.Tests.Time;

public class WatermarkMergerTests
{
    [Fact]
    public void Nothing_is_known_until_every_input_has_a_watermark()
    {
        var merger = new WatermarkMerger(2);
        Assert.False(merger.Update(0, 100));
        Assert.Equal(Watermark.None, merger.CurrentMs);
        Assert.True(merger.Update(1, 50));
        Assert.Equal(50, merger.CurrentMs);
    }

    [Fact]
    public void An_input_that_goes_back_changes_nothing()
    {
        var merger = new WatermarkMerger(1);
        merger.Update(0, 10);
        Assert.False(merger.Update(0, 5));
        Assert.Equal(10, merger.CurrentMs);
        Assert.Equal(10, merger.WatermarkOf(0));
    }

    [Fact]
    public void Idle_input_does_not_hold_back_the_watermark()
    {
        var merger = new WatermarkMerger(2);
        merger.Update(0, 100);
        merger.Update(1, 50);
        Assert.True(merger.MarkIdle(1));
        Assert.Equal(100, merger.CurrentMs);
        Assert.True(merger.Update(0, 200));
        Assert.Equal(200, merger.CurrentMs);
    }

    [Fact]
    public void An_input_that_comes_back_holds_the_watermark_where_it_is()
    {
        var merger = new WatermarkMerger(2);
        merger.Update(0, 100);
        merger.MarkIdle(1);
        Assert.False(merger.Update(1, 60));
        Assert.False(merger.Update(0, 300));
        Assert.Equal(100, merger.CurrentMs);
        Assert.True(merger.Update(1, 150));
        Assert.Equal(150, merger.CurrentMs);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void It_does_not_matter_which_input_falls_silent_first(int first, int second)
    {
        var merger = new WatermarkMerger(2);
        merger.Update(0, 100);
        merger.Update(1, 50);
        merger.MarkIdle(first);
        Assert.False(merger.IsIdle);
        merger.MarkIdle(second);
        Assert.True(merger.IsIdle);
        Assert.Equal(100, merger.CurrentMs);
    }

    [Fact]
    public void All_idle_inputs_are_idle_together_until_one_speaks()
    {
        var merger = new WatermarkMerger(1);
        merger.MarkIdle(0);
        Assert.True(merger.IsIdle);
        Assert.Equal(Watermark.None, merger.CurrentMs);
        merger.Update(0, 1);
        Assert.False(merger.IsIdle);
        Assert.Equal(1, merger.CurrentMs);
    }

    [Fact]
    public void An_input_that_has_ended_holds_back_nobody_and_does_not_end_the_others()
    {
        var merger = new WatermarkMerger(3);
        merger.Update(0, Watermark.End);
        merger.Update(1, 70);
        merger.Update(2, 60);
        Assert.Equal(60, merger.CurrentMs);
        merger.MarkIdle(2);
        merger.MarkIdle(1);
        Assert.True(merger.IsIdle);
        Assert.Equal(70, merger.CurrentMs);
        merger.Update(1, Watermark.End);
        merger.Update(2, Watermark.End);
        Assert.Equal(Watermark.End, merger.CurrentMs);
        Assert.False(merger.IsIdle);
    }
}
