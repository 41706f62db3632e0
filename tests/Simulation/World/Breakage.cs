namespace Cep.Simulation.World;

/// <summary>A part of the world that is broken on purpose, to see that the promises are held against what happens.</summary>
internal enum Breakage
{
    None,

    /// <summary>The sink shows lines as soon as they are staged.</summary>
    SinkCommitsEarly,

    /// <summary>The sink does not drop what was staged after the checkpoint that the job goes on from.</summary>
    SinkKeepsWhatWasStaged,

    /// <summary>The store says that an object is written, and gives it back when it is read, but it is gone with the process.</summary>
    StoreForgets,
}
