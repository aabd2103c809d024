using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kontor.Catalog.Tests;

/// <summary>Keeps what the door logs as its own fault, so that a test that meets a 500 can say why.</summary>
sealed class FaultLog : ILoggerProvider, ILogger
{
    static readonly ConcurrentQueue<string> Faults = new();

    /// <summary>The fault logged under a trace id that stands in this answer; empty where there is none.</summary>
    public static string Of(string answer) =>
        Faults.FirstOrDefault(fault =>
            fault.Split('\n')[0].Split(' ').Any(word => word.Length == 32 && answer.Contains(word))
        ) ?? "";

    static readonly ConcurrentQueue<string> Notes = new();

    /// <summary>What was said by the way, by those whose name begins so; a test that waits for it names them here.</summary>
    const string Noted = "Kontor.Catalog.Bulk";

    /// <summary>Faults in whose text this stands, the stack too.</summary>
    public static IReadOnlyList<string> With(string text) =>
        [.. Faults.Where(fault => fault.Contains(text, StringComparison.Ordinal))];

    /// <summary>How often something was noted.</summary>
    public static int Noting(string text) => Notes.Count(note => note.Contains(text, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(Noted, StringComparison.Ordinal) ? new Note() : this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (exception is not null)
            Faults.Enqueue($"{formatter(state, exception)}\n{exception}");
    }

    public void Dispose() { }

    sealed class Note : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => (logLevel >= LogLevel.Error ? Faults : Notes).Enqueue($"{formatter(state, exception)}\n{exception}");
    }
}
