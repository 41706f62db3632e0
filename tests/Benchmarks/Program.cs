using Cep.Benchmarks;
using Cep.Benchmarks.Jobs;
using Cep.Benchmarks.Json;
using Cep.Benchmarks.Log;
using Cep.Benchmarks.Memory;
using Cep.Benchmarks.Operator;
using Cep.Benchmarks.Report;
using Cep.Benchmarks.State;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Options.Help);
    return 0;
}
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Help);
    return 2;
}

(string Name, Benchmark Suite)[] suites =
[
    ("operator", new OperatorBenchmark(options)),
    ("operator", new ReorderBenchmark(options)),
    ("json", new JsonBenchmark(options)),
    ("memory", new MemoryBenchmark(options)),
    ("state", new KeyedCountBenchmark(options)),
    ("state", new CheckpointBenchmark(options)),
    ("state", new SwapBenchmark(options)),
    ("log", new LogBenchmark(options)),
    ("jobs", new ScalingBenchmark(options)),
    ("jobs", new CheckpointedJobBenchmark(options)),
];
var tables = new List<Table>();
var problems = new List<string>();
foreach (var (name, suite) in suites.Where(s => options.Runs(s.Name)))
{
    tables.Add(suite.Run());
    problems.AddRange(suite.Problems.Select(p => $"{name}: {p}"));
    Console.WriteLine(tables[^1]);
}
if (options.MarkdownFile is { } file)
    File.WriteAllText(file, string.Join("\n", tables));
foreach (var problem in problems.Distinct())
    Console.Error.WriteLine(problem);
return problems.Count == 0 ? 0 : 1;
