using System.ComponentModel;
using Cep.RulesService.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Cep.RulesService.Rules;

/// <summary>The files of a rule set, as they are sent.</summary>
/// <param name="Files">All of them.</param>
/// <param name="Comment">What is to be said of this version.</param>
internal sealed record RuleSetDraft(IReadOnlyList<RuleFile> Files, string? Comment = null);

/// <summary>A version with all that is in it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Files">Its files, by path.</param>
/// <param name="Rules">Its rules; empty if there is any error.</param>
/// <param name="Diagnostics">What is wrong with them, or may be.</param>
internal sealed record RuleSetContent(RuleSetVersion Version, IReadOnlyList<RuleFile> Files, IReadOnlyList<RuleSummary> Rules, IReadOnlyList<RuleDiagnostic> Diagnostics);

/// <summary>Rules that can run.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Diagnostics">Warnings.</param>
internal sealed record RuleSetValidation(IReadOnlyList<RuleSummary> Rules, IReadOnlyList<RuleDiagnostic> Diagnostics);

/// <summary><c>/rule-sets</c>: the versions of the rule set.</summary>
internal static class RuleSetEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void MapRuleSets(this IEndpointRouteBuilder routes)
    {
        var sets = routes.MapGroup("/rule-sets").WithTags("Rule sets");
        sets.MapGet("/", List).WithName("ListRuleSets").WithSummary("The versions, from the newest on.");
        sets.MapPost("/", Create).WithName("CreateRuleSet").WithSummary("Begins a draft. One with errors is kept as well, and cannot be deployed.");
        sets.MapPost("/validation", Validate).WithName("ValidateRules").WithSummary("Compiles rules, and keeps nothing.");
        sets.MapGet("/live", Live).WithName("GetLiveRuleSet").WithSummary("The version that runs.");
        sets.MapGet("/{number:int}", Get).WithName("GetRuleSet").WithSummary("A version with its files.");
        sets.MapGet("/{number:int}/diff", Diff).WithName("DiffRuleSet").WithSummary("How the text of a version differs from that of another: of the one that runs, where none is named.");
        sets.MapPost("/{number:int}/tests", Test).WithName("TestRuleSet").WithSummary("Runs the tests of a version. They are run before it is deployed, too.");
        sets.MapPut("/{number:int}", Save).WithName("SaveRuleSet").WithSummary("Saves a draft.");
        sets.MapDelete("/{number:int}", Delete).WithName("DeleteRuleSet").WithSummary("Throws a draft away.");
    }

    private static Ok<Page<RuleSetVersion>> List(RuleSetStore store, [Description("Only versions before this number.")] int? before, [Description("At most so many, 1 to 500; 50 by default.")] int? limit) =>
        TypedResults.Ok(Page<RuleSetVersion>.Of(limit, n => store.Newest(before, n), v => v.Number));

    private static Results<Created<RuleSetContent>, ProblemHttpResult> Create(RuleSetDraft draft, RuleSetStore store, LimitOptions limits, HttpContext context)
    {
        if (Problems(draft.Files, limits) is { Count: > 0 } problems)
            return Answers.Invalid(problems);
        var version = store.Create(draft.Files, draft.Comment, context.Actor());
        return TypedResults.Created($"/api/v1/rule-sets/{version.Number}", Content(version, draft.Files, context));
    }

    private static Results<Ok<RuleSetValidation>, ProblemHttpResult> Validate(RuleSetDraft draft, LimitOptions limits)
    {
        if (Problems(draft.Files, limits) is { Count: > 0 } problems)
            return Answers.Invalid(problems);
        var compilation = RuleSetCompilation.Of(draft.Files);
        return compilation.RuleSet is null ? Wrong(compilation) : TypedResults.Ok(new RuleSetValidation(compilation.Rules, compilation.Diagnostics));
    }

    private static Results<Ok<RuleSetContent>, ProblemHttpResult> Live(RuleSetStore store, HttpContext context) =>
        store.Live() is { } version ? Found(version, store, context) : Answers.NotFound("No rule set has been deployed.");

    private static Results<Ok<RuleSetContent>, ProblemHttpResult> Get(int number, RuleSetStore store, HttpContext context) =>
        store.Find(number) is { } version ? Found(version, store, context) : NoVersion(number);

    private static Results<Ok<RuleSetDiff>, ProblemHttpResult> Diff(int number, [Description("The number of the other version.")] int? against, RuleSetStore store)
    {
        var other = against ?? store.Live()?.Number;
        if ((store.Find(number) is null ? number : against is { } named && store.Find(named) is null ? named : (int?)null) is { } missing)
            return NoVersion(missing);
        return TypedResults.Ok(RuleSetDiff.Of(other, other is { } earlier ? store.FilesOf(earlier) : [], number, store.FilesOf(number)));
    }

    private static Results<Ok<RuleSetTests>, ProblemHttpResult> Test(int number, RuleSetStore store)
    {
        if (store.Find(number) is null)
            return NoVersion(number);
        var compilation = RuleSetCompilation.Of(store.FilesOf(number));
        return compilation.RuleSet is { } set ? TypedResults.Ok(RuleSetTests.Run(set, compilation.Tests)) : Wrong(compilation);
    }

    private static Results<Ok<RuleSetContent>, ProblemHttpResult> Save(
        int number, RuleSetDraft draft, [FromHeader(Name = "If-Match")] string? ifMatch, RuleSetStore store, LimitOptions limits, HttpContext context)
    {
        if (ifMatch is null)
            return Answers.NoPrecondition();
        if (Problems(draft.Files, limits) is { Count: > 0 } problems)
            return Answers.Invalid(problems);
        var (outcome, version) = store.Save(number, ifMatch, draft.Files, draft.Comment, context.Actor());
        return outcome == ChangeOutcome.Done ? TypedResults.Ok(Content(version!, draft.Files, context)) : Refused(outcome, number, version);
    }

    private static Results<NoContent, ProblemHttpResult> Delete(int number, [FromHeader(Name = "If-Match")] string? ifMatch, RuleSetStore store, HttpContext context)
    {
        if (ifMatch is null)
            return Answers.NoPrecondition();
        var (outcome, version) = store.Delete(number, ifMatch, context.Actor());
        return outcome == ChangeOutcome.Done ? TypedResults.NoContent() : Refused(outcome, number, version);
    }

    /// <summary>A set with errors has no rules yet, and is not deployed before it is saved without them.</summary>
    private static Dictionary<string, string[]> Problems(IReadOnlyList<RuleFile> files, LimitOptions limits)
    {
        var problems = RuleFiles.Problems(files, limits);
        if (problems.Count == 0 && RuleSetCompilation.Of(files).Rules.Count is var rules && rules > limits.Rules)
            problems["files"] = [$"A rule set has at most {limits.Rules} rules; these are {rules}."];
        return problems;
    }

    private static Ok<RuleSetContent> Found(RuleSetVersion version, RuleSetStore store, HttpContext context) =>
        TypedResults.Ok(Content(version, store.FilesOf(version.Number), context));

    private static RuleSetContent Content(RuleSetVersion version, IReadOnlyList<RuleFile> files, HttpContext context)
    {
        context.Response.Headers.ETag = version.ETag;
        var compilation = RuleSetCompilation.Of(files);
        return new RuleSetContent(version, files, compilation.Rules, compilation.Diagnostics);
    }

    /// <summary>422 with what is wrong, where.</summary>
    public static ProblemHttpResult Wrong(RuleSetCompilation compilation) => Answers.Problem(
        StatusCodes.Status422UnprocessableEntity, compilation.ErrorsInWords, new() { ["diagnostics"] = compilation.Diagnostics });

    /// <summary>404 for a version.</summary>
    public static ProblemHttpResult NoVersion(int number) => Answers.NotFound($"There is no version {number} of the rule set.");

    private static ProblemHttpResult Refused(ChangeOutcome outcome, int number, RuleSetVersion? version) => outcome switch
    {
        ChangeOutcome.NotADraft => Answers.Conflict($"Version {number} has been deployed, so it does not change any more; begin a draft with its files."),
        ChangeOutcome.Stale => Answers.Stale($"Version {number} was saved by somebody else meanwhile; its `ETag` is {version!.ETag} now."),
        _ => NoVersion(number),
    };
}
