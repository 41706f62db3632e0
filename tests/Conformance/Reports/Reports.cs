using System.Collections.Concurrent;
using Cep.Conformance.Cases;
using Cep.Conformance.Model;
using Cep.Conformance.Text;

namespace Cep.Conformance.Reports;

/// <summary>The report of each file and path, made once and shared by the tests that look at it.</summary>
public static class Reports
{
    private static readonly ConcurrentDictionary<(string File, CasePath Path), Lazy<FileReport>> Made = new();

    /// <summary>The report of one file on one path.</summary>
    public static FileReport Of(string file, CasePath path) => Made.GetOrAdd((file, path), static key => new(() => Judge(key.File, key.Path))).Value;

    private static FileReport Judge(string file, CasePath path) => path switch
    {
        CasePath.Model => ModelPath.Judge(file, CaseFiles.Read(file)),
        CasePath.Json => JsonPath.Judge(file, CaseFiles.Read(file)),
        CasePath.Text => TextPath.Judge(file, CaseFiles.Read(file)),
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, null),
    };
}
