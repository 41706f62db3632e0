using System.Diagnostics;
using System.Text.RegularExpressions;
using Cep.RulesService.Tests.Support;

namespace Cep.RulesService.Tests;

/// <summary>The walk through the service in its README, command by command: what is written there is answered.</summary>
public sealed class ReadmeTests
{
    private const string Command = "$ ";
    private const string Begins = "CEP=http://127.0.0.1:8080/api/v1";

    [CurlFact]
    public async Task Service_answers_what_its_readme_says()
    {
        await using var service = await RunningService.StartAsync();
        var (commands, script) = (0, "");
        foreach (var (command, expected) in Steps())
        {
            if (command == Begins)
            {
                script = $"CEP={service.Api.ToString().TrimEnd('/')}; ";
                continue;
            }
            var answer = Run(script + command);
            Assert.True(Matches(expected, answer), $"{command}\nexpected {expected}\nanswered {answer}");
            commands++;
        }
        Assert.True(commands > 8);
    }

    private static IEnumerable<(string Command, string Expected)> Steps()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "rules-service", "README.md"));
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(Command, StringComparison.Ordinal))
                yield return (lines[i][Command.Length..], string.Join('\n', lines.Skip(i + 1).TakeWhile(l => !l.StartsWith(Command, StringComparison.Ordinal) && !l.StartsWith("```", StringComparison.Ordinal))));
        }
    }

    private static string Run(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash") { ArgumentList = { "-c", command }, RedirectStandardOutput = true })!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return answer.Trim();
    }

    /// <summary>Whether a text is as expected, where an ellipsis stands for anything.</summary>
    private static bool Matches(string expected, string text) =>
        Regex.IsMatch(text, $"^{string.Join(".*", expected.Split('…').Select(Regex.Escape))}$", RegexOptions.Singleline);
}

/// <summary>A test that needs bash and curl.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CurlFactAttribute : FactAttribute
{
    public CurlFactAttribute()
    {
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        foreach (var tool in (string[])["bash", "curl"])
        {
            if (!paths.Any(p => File.Exists(Path.Combine(p, tool))))
                Skip = $"There is no {tool} on this machine.";
        }
    }
}
