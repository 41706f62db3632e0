using Cep.Engine.Connectors;
using Cep.Streaming;
using Cep.Streaming.Jobs;
using Cep.Streaming.Matches;

namespace Cep.Benchmarks.Json;

/// <summary>A rule job from one input of JSON lines to a file of matches, put together as <c>cep run</c> does it.</summary>
internal static class JobOverFile
{
    public static RuleJob Create(PatternSet patterns, ByteInput input, string output)
    {
        var streams = patterns.RuleSet.Streams;
        return new RuleJob(patterns, new RuleJobOptions
        {
            Inputs = [new EventInput(input, EventFormat.JsonLines, streams)],
            Matches = JsonLines.Sink<Match>(ByteOutput.File(output), new MatchJson(streams).Write),
        });
    }
}
