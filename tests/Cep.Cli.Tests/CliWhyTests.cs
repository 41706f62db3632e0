using System.Text.Json;
using Xunit;

namespace Cep.Cli.Tests;

public sealed class CliWhyTests : IDisposable
{
    private const string Rules =
        """
        stream auths { card_id string amount decimal ok bool? ts timestamp watermark for ts delay 1s }
        stream parcels { order_ref string ts timestamp watermark for ts delay 1s }
        stream conns { host string port int ts timestamp watermark for ts delay 1s }
        rule testing {
            from auths key card_id where ok
            match probe{2,}: auths where amount < 2.00 -> hit: auths where amount > 100 and amount > 80 * avg(probe.amount) within 10m
        }
        rule unshipped { from auths key card_id, parcels key order_ref match paid: auths -> not parcel: parcels within 1h }
        rule next { from auths key card_id match a: auths => b: auths where amount < a.amount and amount > 1 within 10m }
        rule hosts { from conns key (host, port) match a: conns -> b: conns within 1m }
        """;

    private const string Auths =
        """
        {"card_id":"c-100","amount":1.50,"ok":true,"ts":"2026-03-02T10:00:00Z"}
        {"card_id":"c-100","amount":1.70,"ok":true,"ts":"2026-03-02T10:01:00Z"}
        {"card_id":"c-100","amount":45.00,"ok":true,"ts":"2026-03-02T10:02:00Z"}
        {"card_id":"c-100","amount":500.00,"ok":null,"ts":"2026-03-02T10:03:00Z"}
        {"card_id":"c-100","amount":120.00,"ok":true,"ts":"2026-03-02T10:04:00Z"}
        {"card_id":"c-200","amount":1.00,"ok":true,"ts":"2026-03-02T10:04:30Z"}
        {"card_id":"c-200","amount":1.10,"ok":true,"ts":"2026-03-02T10:05:00Z"}
        {"card_id":"c-200","amount":350.00,"ok":true,"ts":"2026-03-02T10:06:00Z"}
        {"card_id":"c-100","amount":1.00,"ok":true,"ts":"2026-03-02T10:00:00Z"}
        {"card_id":"c-100","amount":"n/a","ts":"2026-03-02T10:07:00Z"}
        {"card_id":"c-300","amount":9.00,"ok":false,"ts":"2026-03-02T10:08:00Z"}

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _rules;
    private readonly string _auths;

    public CliWhyTests() => (_rules, _auths) = (_folder.Write("rules.cep", Rules), _folder.Write("auths.jsonl", Auths));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Key_that_nearly_matched_is_told_with_the_clause_that_failed_and_what_never_reached_the_pattern()
    {
        var result = Why("testing", "c-100");

        Assert.Equal(
            $"""
            testing did not match for card_id c-100.
            The furthest partial match took 2 of the 3 events it needs, and ran out of time at 2026-03-02T10:10:00Z, 10m after its first event and after the last of the input.
            It waited for hit: `amount > 80 * avg(probe.amount)` failed on all 2 events that came meanwhile.

            The furthest partial match
              probe  auths#1  2026-03-02T10:00:00Z      amount < 2.00 [1.50 < 2.00]
              probe  auths#2  2026-03-02T10:01:00Z      amount < 2.00 [1.70 < 2.00]

            2 events did not meet hit
              auths#3  2026-03-02T10:02:00Z
                no   amount > 100 [45.00 > 100]
                no   amount > 80 * avg(probe.amount) [45.00 > 128.00]
              auths#5  2026-03-02T10:04:00Z
                yes  amount > 100 [120.00 > 100]
                no   amount > 80 * avg(probe.amount) [120.00 > 128.00]

            1 other event began a partial match too; none of those came further.

            Events of the key
              5 events of the 9 read, 4 offered to the pattern
              1 event of auths dropped by `from … where`: `ok` failed on the one event (on 1 event it was unknown: a field was null)
                the last: auths#4  2026-03-02T10:03:00Z
                ?    ok [null: ok is null]
              late: auths#9  2026-03-02T10:00:00Z, when time had come to 2026-03-02T10:05:58.999Z
              malformed, and names the key: {_auths}, line 10: The field `amount` must be a decimal, but is the string "n/a".

            """.ReplaceLineEndings("\n"),
            result.Output);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void Sample_of_the_README_is_answered_in_its_first_three_lines() => Assert.Equal(
        [
            "card_testing did not match for card_id c-0235.",
            "The furthest partial match took 3 of the 4 events it needs, and ran out of time at 2026-03-02T10:28:47.109Z, 10m after its first event.",
            "It waited for hit: `amount > 80 * avg(probe.amount)` failed on the one event that came meanwhile.",
        ],
        CepProcess.Run("why", "sample-rules/fraud", "--rule", "card_testing", "--key", "c-0235", "--input", "sample-rules/fraud/events/auths.jsonl").OutputLines.Take(3));

    [Fact]
    public void Rule_that_holds_alerts_back_says_so_of_its_matches()
    {
        var lines = CepProcess.Run("why", "sample-rules/security", "--rule", "port_scan", "--key", "203.0.93.240,10.2.0.37", "--input", "sample-rules/security/events/connections.csv.gz").OutputLines.ToList();
        Assert.StartsWith("port_scan matched 3 times for ", lines[0], StringComparison.Ordinal);
        Assert.Equal("Not every match is told as an alert: the rule has a clause `suppress`.", lines[1]);
    }

    [Fact]
    public void Key_that_matched_is_told_with_its_match() => Assert.Equal(
        """
        testing matched once for card_id c-200; it was certain at 2026-03-02T10:06:00Z.

        Match, certain at 2026-03-02T10:06:00Z
          probe  auths#6  2026-03-02T10:04:30Z      amount < 2.00 [1.00 < 2.00]
          probe  auths#7  2026-03-02T10:05:00Z      amount < 2.00 [1.10 < 2.00]
          hit    auths#8  2026-03-02T10:06:00Z      amount > 100 [350.00 > 100] and amount > 80 * avg(probe.amount) [350.00 > 84.00]

        Events of the key
          3 events of the 9 read, 3 offered to the pattern

        """.ReplaceLineEndings("\n"),
        Why("testing", "c-200").Output);

    [Fact]
    public void At_a_time_a_partial_match_that_is_alive_tells_the_time_it_has_left() => Assert.Equal(
        [
            "testing did not match for card_id c-100 up to 2026-03-02T10:02:00Z.",
            "The furthest partial match took 2 of the 3 events it needs, and is alive with 8m left, until 2026-03-02T10:10:00Z.",
            "It waits for hit: `amount > 100` and `amount > 80 * avg(probe.amount)` each failed on the one event that came meanwhile.",
        ],
        Why("testing", "c-100", "--at", "2026-03-02T10:02:00Z").OutputLines.Take(3));

    [Fact]
    public void Key_whose_events_the_pre_filter_drops_is_told_so() => Assert.Equal(
        "The pre-filter (`from … where`) dropped every event of the key: `ok` failed on the one event.",
        Why("testing", "c-300").OutputLines[1]);

    [Fact]
    public void Key_that_does_not_occur_is_told_with_those_near_it() => Assert.Equal(
        ["No event with card_id c-400 is among the 9 events read.", "Did you mean c-100 or c-200 or c-300?"],
        Why("testing", "c-400").OutputLines);

    [Fact]
    public void Event_that_must_not_come_is_named()
    {
        var parcels = _folder.Write("parcels.jsonl", """{"order_ref":"c-300","ts":"2026-03-02T10:30:00Z"}""" + "\n");

        Assert.Equal(
            "The furthest partial match took all the events it needs, waited for no parcel to come, and ended at 2026-03-02T10:30:00Z: parcel came, which must not come (parcels#12).",
            CepProcess.Run("why", _rules, "--rule", "unshipped", "--key", "c-300", "--input", _auths, parcels).OutputLines[1]);
    }

    [Fact]
    public void Next_event_that_did_not_fit_is_told_with_what_failed() => Assert.Equal(
        [
            "next did not match for card_id c-200.",
            "The furthest partial match took 1 of the 2 events it needs, and ended at 2026-03-02T10:06:00Z: the very next event (auths#8) had to be b, and was not.",
            "What failed: amount < a.amount [350.00 < 1.10].",
        ],
        Why("next", "c-200").OutputLines.Take(3));

    [Theory]
    [InlineData("hosts", "web-1", "--key: The record has 1 cell, but the header has 2. The key is host,port; a text that holds a comma stands in double quotes.")]
    [InlineData("hosts", "web-1,http", "--key: The field `port` must be a")]
    [InlineData("testin", "c-100", "There is no rule `testin`; did you mean `testing`?")]
    public void What_cannot_be_asked_is_told_with_what_can(string rule, string key, string expected)
    {
        var result = Why(rule, key);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: " + expected, result.Error);
    }

    [Fact]
    public void Run_explains_each_match_when_it_is_asked()
    {
        var plain = Assert.Single(CepProcess.Run("run", _rules, "--input", "auths=" + _auths).OutputLines, l => l.Contains("\"testing\""));
        var explained = Assert.Single(CepProcess.Run("run", _rules, "--input", "auths=" + _auths, "--explain").OutputLines, l => l.Contains("\"testing\""));

        Assert.StartsWith(plain[..^1] + ",\"explanation\":[", explained);
        var hit = JsonDocument.Parse(explained).RootElement.GetProperty("explanation")[2];
        Assert.Equal(
            """{"step":"hit","event":"auths#8","time":"2026-03-02T10:06:00Z","met":"amount > 100 [350.00 > 100] and amount > 80 * avg(probe.amount) [350.00 > 84.00]","values":{"amount":350.00,"avg(probe.amount)":1.05}}""",
            hit.GetRawText());
    }

    private ProcessResult Why(string rule, string key, params string[] more) =>
        CepProcess.Run(["why", _rules, "--rule", rule, "--key", key, "--input", "auths=" + _auths, .. more]);
}
