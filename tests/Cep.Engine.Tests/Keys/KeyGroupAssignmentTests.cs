using Cep.Engine.Keys;
using Xunit;

namespace Cep.Engine.Tests.Keys;

public class KeyGroupAssignmentTests
{
    public static TheoryData<int> Parallelisms => [.. Enumerable.Range(1, KeyGroupAssignment.KeyGroups)];

    [Theory]
    [MemberData(nameof(Parallelisms))]
    public void Each_key_group_lies_in_the_range_of_the_subtask_that_owns_it(int parallelism)
    {
        int total = 0;
        for (int subtask = 0; subtask < parallelism; subtask++)
        {
            KeyGroupRange range = KeyGroupAssignment.RangeOf(subtask, parallelism);
            Assert.Equal(total, range.First);
            total += range.Count;
            for (int group = range.First; group <= range.Last; group++)
                Assert.Equal(subtask, KeyGroupAssignment.SubtaskOf(group, parallelism));
        }

        Assert.Equal(KeyGroupAssignment.KeyGroups, total);
    }

    [Theory]
    [InlineData("", 50)]
    [InlineData("a", 32)]
    [InlineData("user-12345", 9)]
    [InlineData("żółw😀", 115)]
    public void The_key_group_of_a_key_never_changes(string key, int keyGroup) =>
        Assert.Equal(keyGroup, KeyGroupAssignment.KeyGroupOf(StableHash.Of(key)));

    [Fact]
    public void A_range_has_its_ends_and_no_more()
    {
        var range = new KeyGroupRange(3, 5);
        Assert.Equal([false, true, true, true, false], Enumerable.Range(2, 5).Select(range.Contains));
    }
}
