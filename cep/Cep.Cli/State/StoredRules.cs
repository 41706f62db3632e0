using Cep.Engine.Checkpoints;
using Cep.Language;
using Cep.Language.Text;
using Cep.Rules;
using Cep.Streaming.Inquiries;

namespace Cep.Cli.State;

/// <summary>The rules that ran, as they are kept with each checkpoint: as text.</summary>
internal static class StoredRules
{
    /// <summary>The property of a manifest that has them.</summary>
    public const string Property = "rules";

    /// <summary>The properties that have rules, which are told in other ways than as they stand.</summary>
    public static IReadOnlyList<string> Properties { get; } = [Property, .. StoredRuns.Properties];

    /// <summary>What is kept of rule files; lists that stand in files of their own are written out.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<SourceText> files) =>
        new Dictionary<string, string> { [Property] = string.Join("\n", files.Select(f => ListFiles.WrittenOut(f, RuleListFiles.Read).Text)) };

    /// <summary>Reads them back; null where there are none, or this version does not take them.</summary>
    public static RuleSet? Read(Manifest manifest) =>
        manifest.Properties.TryGetValue(Property, out var text) ? RuleCompiler.Compile([new SourceText(Property, text)]).RuleSet : null;
}
