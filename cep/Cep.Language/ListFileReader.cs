using Cep.Language.Text;

namespace Cep.Language;

/// <summary>Reads a file that a list names with <c>from "…"</c>; the compiler itself reads no file.</summary>
/// <param name="rules">The rule file that declares the list.</param>
/// <param name="path">The path as written there: relative to the folder of the rule file and not leaving it, its parts separated by <c>/</c>.</param>
/// <returns>The file; null where there is none.</returns>
/// <exception cref="IOException">It is there and cannot be read; that becomes an error of the rules.</exception>
public delegate SourceText? ListFileReader(SourceText rules, string path);
