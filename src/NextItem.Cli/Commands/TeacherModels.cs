using System.Security.Cryptography;

namespace NextItem.Cli.Commands;

/// <summary>A model of <c>train --teacher</c>.</summary>
/// <param name="File">Its file, as it was named.</param>
/// <param name="Sha256">Of the file's bytes, as sha256sum prints it.</param>
/// <param name="Trained">The model.</param>
internal sealed record TeacherFile(FileInfo File, string Sha256, TrainedModel Trained);

/// <summary>The models of <c>train --teacher</c>.</summary>
/// <param name="teachers">Loaded; their models are disposed with this.</param>
internal sealed class TeacherModels(IReadOnlyList<TeacherFile> teachers) : IDisposable
{
    /// <summary>In the order given.</summary>
    public IReadOnlyList<TeacherFile> Teachers => teachers;

    /// <summary>The same, for the trainer.</summary>
    public IReadOnlyList<ISessionModel> Models { get; } = [.. teachers.Select(teacher => teacher.Trained.Model)];

    /// <summary>Loads the files.</summary>
    public static TeacherModels Load(FileInfo[] files)
    {
        var loaded = new List<TeacherFile>();
        try
        {
            foreach (var file in files)
            {
                var model = Files.LoadModel(file, "--teacher");
                loaded.Add(new TeacherFile(file, "", model)); // disposed with the others, should the next line fail
                loaded[^1] = loaded[^1] with { Sha256 = Sha256Of(file) };
            }

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
        foreach (var teacher in teachers)
            teacher.Trained.Dispose();
    }

    private static string Sha256Of(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
