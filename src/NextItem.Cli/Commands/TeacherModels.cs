
namespace NextItem.Cli.Commands;

/// <summary>The models of <c>train --teacher</c>.</summary>
/// <param name="models">Loaded models; disposed with this.</param>
internal sealed class TeacherModels(IReadOnlyList<TrainedModel> models) : IDisposable
{
    /// <summary>In the order given.</summary>
    public IReadOnlyList<ISessionModel> Models { get; } = [.. models.Select(model => model.Model)];

    /// <summary>Loads the files.</summary>
    public static TeacherModels Load(FileInfo[] files)
    {
        var loaded = new List<TrainedModel>();
        try
        {
            foreach (var file in files)
                loaded.Add(Files.LoadModel(file));
            return new TeacherModels(loaded);
        }
        catch
        {
            new TeacherModels(loaded).Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in models)
            model.Dispose();
    }
}
