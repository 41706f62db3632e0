using System.Globalization;
using System.Text;
using System.Xml;
using Cep.Cli.Terminal;
using Cep.Streaming.Testing;

namespace Cep.Cli.Test;

/// <summary>What came of tests, as JUnit XML: a suite for each rule. It says nothing of how long they took, so the same rules give the same file.</summary>
internal static class JUnitReport
{
    private const int Columns = 100;

    public static XmlWriterSettings Settings { get; } = new() { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineChars = "\n" };

    /// <summary>Writes the document.</summary>
    public static void Write(XmlWriter xml, IReadOnlyList<RuleTestResult> results)
    {
        xml.WriteStartDocument();
        xml.WriteStartElement("testsuites");
        WriteCounts(xml, "cep test", results);
        foreach (var rule in results.GroupBy(r => r.Test.Rule.Name))
        {
            xml.WriteStartElement("testsuite");
            WriteCounts(xml, rule.Key, [.. rule]);
            foreach (var result in rule)
                Write(xml, result);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private static void Write(XmlWriter xml, RuleTestResult result)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", result.Test.Rule.Name);
        Attribute(xml, "name", result.Test.Name);
        Attribute(xml, "file", result.Test.Place.File);
        Attribute(xml, "line", result.Test.Place.Line.ToString(CultureInfo.InvariantCulture));
        var report = new TestReport(new TextStyle(hasColour: false), Columns);
        foreach (var failure in result.Failures)
        {
            xml.WriteStartElement("failure");
            Attribute(xml, "message", failure.Message);
            xml.WriteString(Sound("\n" + report.Of(failure)));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, string name, IReadOnlyList<RuleTestResult> results)
    {
        Attribute(xml, "name", name);
        Attribute(xml, "tests", results.Count.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "failures", results.Count(r => !r.HasPassed).ToString(CultureInfo.InvariantCulture));
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Sound(value));

    /// <summary>The text without what XML cannot hold, such as control characters.</summary>
    private static string Sound(string text)
    {
        var sound = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            sound.Append(rune.Value < 0x10000 && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return sound.ToString();
    }
}
