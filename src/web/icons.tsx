import type { ComponentChildren } from "preact";

/** Every icon stands beside a word that says the same, so none is read out. */
function Icon({ children }: { children: ComponentChildren }) {
	return (
		<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
			{children}
		</svg>
	);
}

/** Vestibule's mark: a door within a door. */
export function Mark() {
	return (
		<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
			<path class="mark-outer" d="M4 30V14a12 12 0 0 1 24 0v16z" />
			<path d="M11 30V16a5 5 0 0 1 10 0v14z" />
		</svg>
	);
}

export const TickIcon = () => (
	<Icon>
		<circle cx="12" cy="12" r="9" />
		<path d="m8 12.5 2.7 2.7L16 9.6" />
	</Icon>
);

export const InfoIcon = () => (
	<Icon>
		<circle cx="12" cy="12" r="9" />
		<path d="M12 11v5M12 7.8v.1" />
	</Icon>
);

export const WarningIcon = () => (
	<Icon>
		<path d="M12 3.5 2.8 19.5h18.4z" />
		<path d="M12 10v4.5M12 16.9v.1" />
	</Icon>
);

export const ErrorIcon = () => (
	<Icon>
		<circle cx="12" cy="12" r="9" />
		<path d="M12 7.5V13M12 16.1v.1" />
	</Icon>
);

export const ClockIcon = () => (
	<Icon>
		<circle cx="12" cy="12" r="9" />
		<path d="M12 7v5.2l3.3 2" />
	</Icon>
);

export const DownIcon = () => (
	<Icon>
		<path d="m6.5 9.5 5.5 5.5 5.5-5.5" />
	</Icon>
);

export const HelpIcon = () => (
	<Icon>
		<circle cx="12" cy="12" r="9" />
		<path d="M9.6 9.4a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.8M12 16.4v.1" />
	</Icon>
);

export const CopyIcon = () => (
	<Icon>
		<rect x="8.5" y="8.5" width="11" height="12" rx="2" />
		<path d="M15.5 8.5v-3a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2" />
	</Icon>
);

export const PrintIcon = () => (
	<Icon>
		<path d="M7 8.5v-5h10v5M7 17H5.5a2 2 0 0 1-2-2v-4.5a2 2 0 0 1 2-2h13a2 2 0 0 1 2 2V15a2 2 0 0 1-2 2H17" />
		<path d="M7 13.5h10v7H7z" />
	</Icon>
);
