namespace NextItem.Cli.Output;

/// <summary>Something about data that deserves a second look before a number from it is believed.</summary>
/// <param name="Code">Its kind, for programs.</param>
/// <param name="Message">A sentence with the numbers in it.</param>
/// <param name="Numbers">The numbers by name, for programs.</param>
internal sealed record Finding(string Code, string Message, params (string Name, double Value)[] Numbers);
