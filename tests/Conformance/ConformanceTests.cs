using Cep.Conformance.Cases;
using Cep.Conformance.Reports;
using Xunit.Abstractions;

namespace Cep.Conformance;

public class ConformanceTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => [.. CaseFiles.All()];

    [CaseTheory]
    [MemberData(nameof(Files))]
    public void The_model_answers_as_Flink_does(string file) => Check(file, CasePath.Model);

    [CaseTheory]
    [MemberData(nameof(Files))]
    public void Rule_text_answers_as_Flink_does(string file) => Check(file, CasePath.Text);

    [CaseTheory]
    [MemberData(nameof(Files))]
    public void The_json_form_answers_as_Flink_does(string file) => Check(file, CasePath.Json);

    [CaseFact]
    public void The_table_of_all_files_is_written()
    {
        var reports = Enum.GetValues<CasePath>().SelectMany(path => CaseFiles.All().Select(file => Reports.Reports.Of(file, path))).ToArray();
        var table = ReportText.Table(reports);
        output.WriteLine(table);
        output.WriteLine(ReportText.List(reports));
        File.WriteAllText(Beside("conformance.txt"), table + "\n" + ReportText.List(reports));
        Assert.All(reports, r => Assert.True(r.Passed > 0, $"No case of {r.File} passed on the {r.Path} path."));
    }

    private void Check(string file, CasePath path)
    {
        var report = Reports.Reports.Of(file, path);
        var text = ReportText.Of(report);
        output.WriteLine(text);
        if (report.Failures.Count > 0)
            File.WriteAllText(Beside($"{file.Replace('/', '-')}-{path}-failures.txt"), ReportText.Of(report, int.MaxValue));
        Assert.True(report.Failures.Count == 0, text);
    }

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
