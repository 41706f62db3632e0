using System.Globalization;
using Cep.RulesService.Storage;
using Dapper;

namespace Cep.RulesService.Engine;

/// <summary>What is set of the engine while the service runs, and stays so over restarts.</summary>
internal sealed class EngineSettings(Database database, ServiceOptions options)
{
    /// <summary>How often the engine has begun from a savepoint. Each time its checkpoints begin anew, in a folder of their own.</summary>
    public int Generation
    {
        get => Get("generation") ?? 0;
        set => Set("generation", value);
    }

    /// <summary>The number of subtasks: as it was last set, else as configured.</summary>
    public int Parallelism
    {
        get => Get("parallelism") ?? options.Engine.Parallelism;
        set => Set("parallelism", value);
    }

    private int? Get(string name) => database.Read(connection => connection.QuerySingleOrDefault<string>("SELECT value FROM settings WHERE name = @name", new { name })) is { } text
        ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private void Set(string name, int value) => database.Write(connection => connection.Execute(
        "INSERT INTO settings (name, value) VALUES (@name, @text) ON CONFLICT (name) DO UPDATE SET value = @text", new { name, text = value.ToString(CultureInfo.InvariantCulture) }));
}
