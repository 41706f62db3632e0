using Cep.Engine.Checkpoints;
using Xunit;

namespace Cep.Engine.Tests.Checkpoints;

public class RestorePlanTests
{
    [Fact]
    public void State_goes_to_the_operator_of_its_uid_and_new_operators_begin_with_nothing()
    {
        RestorePlan plan = Plan("a b", "b a c -d");
        Assert.Empty(plan.Errors);
        Assert.Equal(("a", "b", null), (plan.OldUidOf("a"), plan.OldUidOf("b"), plan.OldUidOf("c")));
        Assert.Equal(["c"], plan.Empty);
        Assert.Empty(plan.Dropped);
    }

    [Fact]
    public void State_without_an_operator_is_refused() => Refused(
        "The snapshot has state of `a`, but the job has no operator of this uid. Say which uid it has now, or that its state may be dropped; the job has `b`, `c`.",
        "a b", "b c -d");

    [Fact]
    public void State_of_an_operator_that_remembers_nothing_any_more_is_refused() => Refused(
        "The snapshot has state of `a`, but this operator remembers nothing any more. Say that its state may be dropped.",
        "a b", "-a b");

    [Fact]
    public void State_is_dropped_with_consent_only()
    {
        RestorePlan plan = Plan("a b", "b", dropped: "a x");
        Assert.Empty(plan.Errors);
        Assert.Equal(["a"], plan.Dropped);
    }

    [Fact]
    public void An_operator_whose_state_is_dropped_begins_with_nothing()
    {
        RestorePlan plan = Plan("a b", "a b", dropped: "a");
        Assert.Empty(plan.Errors);
        Assert.Null(plan.OldUidOf("a"));
        Assert.Equal(["a"], plan.Empty);
    }

    [Fact]
    public void State_follows_a_renamed_operator()
    {
        RestorePlan plan = Plan("a b", "c b", renamed: "a>c");
        Assert.Empty(plan.Errors);
        Assert.Equal("a", plan.OldUidOf("c"));
        Assert.Empty(plan.Empty);
    }

    [Fact]
    public void Two_operators_can_exchange_their_uids()
    {
        RestorePlan plan = Plan("a b", "a b", renamed: "a>b b>a");
        Assert.Empty(plan.Errors);
        Assert.Equal(("b", "a"), (plan.OldUidOf("a"), plan.OldUidOf("b")));
    }

    [Fact]
    public void Renaming_what_was_renamed_before_does_no_harm()
    {
        RestorePlan plan = Plan("c b", "c b", renamed: "a>c");
        Assert.Empty(plan.Errors);
        Assert.Equal("c", plan.OldUidOf("c"));
    }

    [Fact]
    public void Renaming_to_what_the_job_has_not_is_refused() => Refused(
        "The state of `a` is to become that of `d`, but the job has no operator `d`; it has `c`, `b`.", "a b", "c b", renamed: "a>d");

    [Fact]
    public void Renaming_to_what_remembers_nothing_is_refused() => Refused(
        "The state of `a` is to become that of `d`, but `d` remembers nothing.", "a b", "-d b", renamed: "a>d");

    [Fact]
    public void Renaming_what_the_snapshot_has_not_is_refused() => Refused(
        "The state of `x` is to become that of `c`, but the snapshot has no state of `x`; it has that of `a`, `b`.", "a b", "a b c", renamed: "x>c");

    [Fact]
    public void Two_states_for_one_operator_are_refused() => Refused(
        "The states of `b` and `a` would both become that of `b`.", "b a", "b", renamed: "a>b");

    [Fact]
    public void A_plan_with_errors_restores_nothing()
    {
        RestorePlan plan = Plan("a", "b");
        Assert.Throws<InvalidOperationException>(() => plan.ReaderOf(null!, "b", Segments.All));
    }

    private static void Refused(string error, string old, string now, string renamed = "") => Assert.Equal([error], Plan(old, now, renamed).Errors);

    /// <param name="old">Uids with state.</param>
    /// <param name="now">Uids of the job; with a minus, of operators without state.</param>
    /// <param name="renamed">Each <c>old&gt;new</c>.</param>
    /// <param name="dropped">Uids.</param>
    private static RestorePlan Plan(string old, string now, string renamed = "", string dropped = "") => RestorePlan.Make(
        Words(old).Select(uid => new OperatorState(uid, uid, [])).ToArray(),
        Words(now).Select(uid => new RestoreTarget(uid.TrimStart('-'), uid[0] != '-')).ToArray(),
        Words(renamed).Select(r => r.Split('>')).ToDictionary(r => r[0], r => r[1]),
        Words(dropped).ToHashSet());

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
